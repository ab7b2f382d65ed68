package org.ioatlab.workload.packetdrill.script;

/**
 * When an event happens.
 *
 * @param kind how {@code micros} is meant
 * @param micros microseconds since the script's begin or since the event before; 0 for {@link Kind#ANY}
 * @param endMicros the end of a range, meant as {@code micros} is; equal to it when there is no range
 */
public record EventTime(Kind kind, long micros, long endMicros) {
    /** How a time is written. */
    public enum Kind {
        /** {@code 0.1}: since the begin of the script. */
        ABSOLUTE,
        /** {@code +0.1}: since the event before. */
        RELATIVE,
        /** {@code *}: whenever. */
        ANY,
        /** {@code 0.1~0.2}. */
        ABSOLUTE_RANGE,
        /** {@code +0.1~+0.2}. */
        RELATIVE_RANGE
    }

    /** Whenever. */
    public static final EventTime ANY = new EventTime(Kind.ANY, 0, 0);

    /** So many microseconds after the script's begin. */
    public static EventTime absolute(long micros) {
        return new EventTime(Kind.ABSOLUTE, micros, micros);
    }

    /** So many microseconds after the event before. */
    public static EventTime relative(long micros) {
        return new EventTime(Kind.RELATIVE, micros, micros);
    }

    /** Whether it counts from the event before. */
    public boolean isRelative() {
        return kind == Kind.RELATIVE || kind == Kind.RELATIVE_RANGE;
    }

    /** Whether it is a range. */
    public boolean isRange() {
        return kind == Kind.ABSOLUTE_RANGE || kind == Kind.RELATIVE_RANGE;
    }
}
