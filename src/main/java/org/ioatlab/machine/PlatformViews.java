package org.ioatlab.machine;

import java.util.List;
import java.util.Locale;
import org.ioatlab.hardware.platform.Platform;

/** The cost platforms that come with the service, with where each number comes from. */
public interface PlatformViews {
    /** A platform and all its parameters. */
    record View(String id, String description, List<Row> parameters) {}

    /**
     * A parameter.
     *
     * @param name by which a spec's {@code costs} override it
     * @param unit of the value
     * @param grade measured, published, derived or estimated
     * @param source where it comes from
     */
    record Row(String name, String unit, long value, String grade, String source) {}

    /** Their names. */
    static List<String> ids() {
        return Platform.IDS;
    }

    /** All platforms. */
    static List<View> all() {
        return Platform.IDS.stream().map(PlatformViews::of).toList();
    }

    /**
     * One platform.
     *
     * @throws Refusal if there is none of that name
     */
    static View of(String id) {
        if (!Platform.IDS.contains(id)) {
            throw Refusal.unknown("platform", id);
        }
        Platform platform = Platform.load(id);
        List<Row> rows = platform.rows().stream().map(PlatformViews::row).toList();
        return new View(platform.id(), platform.description(), rows);
    }

    private static Row row(Platform.Row row) {
        return new Row(row.name(), row.unit(), row.value(), row.grade().name().toLowerCase(Locale.ROOT), row.source());
    }
}
