package org.ioatlab.machine;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.jspecify.annotations.Nullable;

/** The cost platforms that come with the service, with where each number comes from. */
public interface PlatformViews {
    /** A platform and all its parameters. */
    record View(String id, String description, List<Row> parameters) {}

    /**
     * A parameter.
     *
     * @param name by which a spec's {@code costs} override it
     * @param unit of the value
     * @param value as the model uses it
     * @param grade measured, published, derived, calibrated or estimated
     * @param estimate the value before it was scaled by {@code estimatedCostPercent}; null where it isn't
     * @param source where it comes from
     */
    record Row(
            String name,
            String unit,
            long value,
            String grade,
            @Nullable Long estimate,
            String source) {}

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
        List<Row> rows = platform.rows().stream().map(row -> row(platform, row)).toList();
        return new View(platform.id(), platform.description(), rows);
    }

    private static Row row(Platform platform, Platform.Row row) {
        Parameter parameter = Objects.requireNonNull(Parameter.ofKey(row.name()));
        return new Row(
                row.name(),
                row.unit(),
                platform.get(parameter),
                row.grade().name().toLowerCase(Locale.ROOT),
                Platform.isScaled(row) ? row.value() : null,
                row.source());
    }
}
