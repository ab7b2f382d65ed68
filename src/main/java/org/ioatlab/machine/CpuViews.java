package org.ioatlab.machine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be seen of the processors. */
public interface CpuViews {
    /** A logical processor and what it did since the machine was switched on. */
    record Cpu(
            int cpu,
            int socket,
            int core,
            int thread,
            long frequencyMhz,
            long busyCycles,
            long idleCycles,
            double utilization,
            @Nullable String running) {}

    /** The profile: functions by samples, most first. */
    record Profile(String event, long periodCycles, long samples, List<Row> rows) {}

    /** One function. */
    record Row(String symbol, long samples, double percent, long cycles) {}

    /** A span of work on a track. */
    record Span(int track, String name, long startPs, long endPs) {}
}
