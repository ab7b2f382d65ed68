package org.ioatlab.hardware.platform;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The values of all parameters on one platform. Estimates of what functions of the kernel cost are scaled by a common factor. Read from a resource
 * of lines {@code name | unit | value | grade | source}; a line that starts with {@code #} is a comment, the first of them the platform's
 * description.
 */
public final class Platform {
    /** The platforms that come with the service. */
    public static final List<String> IDS = List.of("xeon-e7520", "xeon-5160", "what-if");

    /**
     * One line of a platform file.
     *
     * @param name the parameter's key
     * @param unit of the value
     * @param value in that unit
     * @param grade how well it is known
     * @param source where it comes from
     */
    public record Row(String name, String unit, long value, Grade grade, String source) {}

    private static final int COLUMNS = 5;
    private static final int PERCENT = 100;

    private final String id;
    private final String description;
    private final List<Row> rows;
    private final long[] values;

    /** Which values were given instead of the file's. */
    private final boolean[] given;

    private Platform(String id, String description, List<Row> rows, long[] values, boolean[] given) {
        this.given = given;
        this.id = id;
        this.description = description;
        this.rows = rows;
        this.values = values;
    }

    /** Every platform, read once and shared by all machines. */
    private static final class Shipped {
        static final List<Platform> PLATFORMS = IDS.stream().map(Platform::read).toList();
    }

    /**
     * One of {@link #IDS} as its file has it.
     *
     * @throws IllegalArgumentException if there is no such platform
     */
    public static Platform load(String id) {
        int index = IDS.indexOf(id);
        if (index < 0) {
            throw new IllegalArgumentException("unknown platform: " + id);
        }
        return Shipped.PLATFORMS.get(index);
    }

    /**
     * The same platform with some values replaced. A value given here is not scaled any more; another {@link Parameter#ESTIMATED_COST_PERCENT}
     * scales the estimates of the others.
     *
     * @throws IllegalArgumentException for an unknown name or a value out of its range; the message names it
     */
    public Platform with(Map<String, Long> overrides) {
        if (overrides.isEmpty()) {
            return this;
        }
        long[] changed = values.clone();
        Long percent = overrides.get(Parameter.ESTIMATED_COST_PERCENT.key());
        if (percent != null) {
            Parameter.ESTIMATED_COST_PERCENT.requireRange(percent);
            scale(rows, changed, given, percent);
        }
        boolean[] nowGiven = given.clone();
        overrides.forEach((key, value) -> {
            Parameter parameter = Parameter.ofKey(key);
            if (parameter == null) {
                throw new IllegalArgumentException("unknown cost parameter: " + key);
            }
            parameter.requireRange(value);
            changed[parameter.ordinal()] = value;
            nowGiven[parameter.ordinal()] = true;
        });
        return new Platform(id, description, rows, changed, nowGiven);
    }

    /** The value of {@code parameter} in its unit, scaled if it is an estimate of what a function costs. */
    public long get(Parameter parameter) {
        return values[parameter.ordinal()];
    }

    /** Collects what functions cost here. */
    public FunctionCosts functions() {
        return new FunctionCosts(this);
    }

    /** The name of the platform. */
    public String id() {
        return id;
    }

    /** What hardware it stands for. */
    public String description() {
        return description;
    }

    /** The file's lines, without overrides. */
    public List<Row> rows() {
        return rows;
    }

    private static Platform read(String id) {
        try (InputStream file = Platform.class.getResourceAsStream("/platforms/" + id + ".txt")) {
            if (file == null) {
                throw new IllegalArgumentException("platform file missing: " + id);
            }
            return parse(id, new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Platform parse(String id, BufferedReader file) throws IOException {
        List<Row> rows = new ArrayList<>();
        String description = "";
        for (String line = file.readLine(); line != null; line = file.readLine()) {
            if (line.startsWith("#")) {
                description = description.isEmpty() ? line.substring(1).strip() : description;
            } else if (!line.isBlank()) {
                rows.add(row(id, line));
            }
        }
        long[] values = values(id, rows);
        return new Platform(id, description, List.copyOf(rows), values, new boolean[values.length]);
    }

    private static Row row(String id, String line) {
        String[] columns = line.split("\\|", COLUMNS);
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException(id + ": not five columns: " + line);
        }
        return new Row(
                columns[0].strip(),
                columns[1].strip(),
                Long.parseLong(columns[2].strip().replace("_", "")),
                Grade.valueOf(columns[3].strip().toUpperCase(Locale.ROOT)),
                columns[4].strip());
    }

    private static long[] values(String id, List<Row> rows) {
        Parameter[] parameters = Parameter.values();
        if (rows.size() != parameters.length) {
            throw new IllegalArgumentException(
                    id + ": " + rows.size() + " rows for " + parameters.length + " parameters");
        }
        long[] values = new long[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            if (!rows.get(i).name().equals(parameters[i].key())) {
                throw new IllegalArgumentException(id + ": expected " + parameters[i].key() + ", found "
                        + rows.get(i).name());
            }
            parameters[i].requireRange(rows.get(i).value());
            values[i] = rows.get(i).value();
        }
        scale(rows, values, new boolean[values.length], values[Parameter.ESTIMATED_COST_PERCENT.ordinal()]);
        return values;
    }

    /** Whether the value of a file's line is scaled. */
    public static boolean isScaled(Row row) {
        Parameter parameter = Parameter.ofKey(row.name());
        return row.grade() == Grade.ESTIMATED && parameter != null && parameter.isFunctionCost();
    }

    private static void scale(List<Row> rows, long[] values, boolean[] given, long percent) {
        for (int i = 0; i < values.length; i++) {
            if (!given[i] && isScaled(rows.get(i))) {
                values[i] = (rows.get(i).value() * percent + PERCENT / 2) / PERCENT;
            }
        }
    }
}
