package org.ioatlab.kernel.net.offload;

import java.util.LinkedHashMap;
import java.util.Map;

/** Bytes delivered by the engine and by processors, and why; write-only for the stack. */
public final class OffloadCounters {
    private final long[] cpuBytes = new long[OffloadRefusal.COUNT];
    private final long[] lateBytes = new long[OffloadRefusal.COUNT];

    /** A bit for each reason that was ever counted: a read has one or two. */
    private long counted;

    private long engineBytes;
    private long earlyBytes;

    /** The engine was given {@code bytes}, before their reader ran or while it ran. */
    public void engine(long bytes, boolean early) {
        engineBytes += bytes;
        earlyBytes += early ? bytes : 0;
    }

    /** A processor copied {@code bytes}. */
    public void cpu(OffloadRefusal why, long bytes) {
        cpuBytes[why.ordinal()] += bytes;
        counted |= 1L << why.ordinal();
    }

    /** A segment of {@code bytes} wasn't copied before its reader ran; what became of it is counted when it is read. */
    public void late(OffloadRefusal why, long bytes) {
        lateBytes[why.ordinal()] += bytes;
        counted |= 1L << why.ordinal();
    }

    /** The engine had {@code bytes}, since before their reader ran or not, and failed. */
    public void redone(long bytes, boolean early) {
        engine(-bytes, early);
        cpu(OffloadRefusal.CHANNEL_FAILED, bytes);
    }

    /** Adds all that {@code other} has counted. */
    public void add(OffloadCounters other) {
        engineBytes += other.engineBytes;
        earlyBytes += other.earlyBytes;
        for (long bits = other.counted; bits != 0; bits &= bits - 1) {
            int why = Long.numberOfTrailingZeros(bits);
            cpuBytes[why] += other.cpuBytes[why];
            lateBytes[why] += other.lateBytes[why];
        }
        counted |= other.counted;
    }

    /** Begins again at 0. */
    public void reset() {
        engineBytes = 0;
        earlyBytes = 0;
        for (long bits = counted; bits != 0; bits &= bits - 1) {
            int why = Long.numberOfTrailingZeros(bits);
            cpuBytes[why] = 0;
            lateBytes[why] = 0;
        }
        counted = 0;
    }

    /** Bytes that the engine copied. */
    public long engineBytes() {
        return engineBytes;
    }

    /** Those of them whose copy began before their reader ran. */
    public long earlyBytes() {
        return earlyBytes;
    }

    /** Bytes that processors copied. */
    public long cpuBytes() {
        long sum = 0;
        for (long bytes : cpuBytes) {
            sum += bytes;
        }
        return sum;
    }

    /** Bytes that processors copied for that reason. */
    public long bytes(OffloadRefusal why) {
        return cpuBytes[why.ordinal()];
    }

    /** Bytes copied by processors, by reason; reasons without any are left out. */
    public Map<String, Long> reasons() {
        return named(cpuBytes);
    }

    /** Bytes that weren't copied early, by reason. */
    public Map<String, Long> notEarly() {
        return named(lateBytes);
    }

    private static Map<String, Long> named(long[] bytes) {
        Map<String, Long> named = new LinkedHashMap<>();
        for (OffloadRefusal why : OffloadRefusal.values()) {
            if (bytes[why.ordinal()] > 0) {
                named.put(why.name(), bytes[why.ordinal()]);
            }
        }
        return named;
    }
}
