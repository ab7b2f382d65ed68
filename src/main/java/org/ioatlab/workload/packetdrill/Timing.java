package org.ioatlab.workload.packetdrill;

import org.ioatlab.workload.packetdrill.script.EventTime;
import org.ioatlab.workload.packetdrill.script.ScriptOptions;
import org.jspecify.annotations.Nullable;

/** When things happen, and whether that is near enough to when the script says. All times count from the script's begin. */
final class Timing {
    private static final long MICRO = 1000;

    private final ScriptOptions options;

    Timing(ScriptOptions options) {
        this.options = options;
    }

    /**
     * An event's place in time.
     *
     * @param kind how the script gives it
     * @param fromNs when it is to happen
     * @param untilNs the end of a range, or the same
     * @param sinceNs when the event before was to happen, -1 if there is none
     */
    record Place(EventTime.Kind kind, long fromNs, long untilNs, long sinceNs) {
        boolean isAny() {
            return kind == EventTime.Kind.ANY;
        }
    }

    /** Where an event lies whose relative time counts from {@code offsetNs}. */
    Place place(EventTime time, long offsetNs, long sinceNs) {
        boolean counts = time.isRelative() || time.kind() == EventTime.Kind.ANY;
        long offset = counts ? offsetNs : 0;
        return new Place(time.kind(), offset + time.micros() * MICRO, offset + time.endMicros() * MICRO, sinceNs);
    }

    /** How far an event may be off: the fixed tolerance, or a share of the time since the event before. */
    long toleranceNs(Place place) {
        long fixed = options.toleranceMicros() * MICRO;
        long share = place.sinceNs() < 0 ? 0 : (place.fromNs() - place.sinceNs()) / 1000 * options.tolerancePermille();
        return Math.max(fixed, share);
    }

    /** What is wrong with something that happened at {@code atNs}, or nothing. */
    @Nullable
    String difference(Place place, long atNs) {
        long tolerance = toleranceNs(place);
        if (place.isAny() || (atNs >= place.fromNs() - tolerance && atNs <= place.untilNs() + tolerance)) {
            return null;
        }
        String wanted = place.fromNs() == place.untilNs()
                ? seconds(place.fromNs())
                : seconds(place.fromNs()) + "~" + seconds(place.untilNs());
        return "at " + seconds(atNs) + " s instead of " + wanted + " s; tolerance " + seconds(tolerance) + " s";
    }

    /** Seconds with six decimals. */
    static String seconds(long ns) {
        long micros = Math.abs(ns / MICRO);
        String sign = ns < 0 ? "-" : "";
        return sign + micros / 1_000_000 + "."
                + Long.toString(1_000_000 + micros % 1_000_000).substring(1);
    }
}
