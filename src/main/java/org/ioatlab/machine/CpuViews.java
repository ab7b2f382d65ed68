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

    /**
     * An interrupt vector.
     *
     * @param name whose it is
     * @param cpu the processor that takes it
     * @param counts how often each processor took it, by number
     */
    record Interrupt(int irq, String name, int cpu, List<Long> counts) {}

    /**
     * A function that other processors have run.
     *
     * @param cpu the caller
     * @param calledCpus in ascending order
     * @param callerCycles the caller's processor's from the call to its return
     * @param returnedAfterNs how long the caller was held up
     * @param startedAfterNs when each of {@code calledCpus} began the function, counted from the call
     * @param completedAfterNs when the last of them had done it
     */
    record CrossCalled(
            String type,
            int cpu,
            List<Integer> calledCpus,
            long callerCycles,
            long returnedAfterNs,
            List<Long> startedAfterNs,
            long completedAfterNs,
            long clockNs) {}

    /**
     * The profile: functions by samples, most first.
     *
     * @param event what samples are counted by
     * @param eventDescription in words
     * @param unitMask which of such events
     * @param periodCycles events from sample to sample
     * @param cpuType the processors as oprofile calls them
     * @param frequencyMhz their clock rate
     */
    record Profile(
            String event,
            String eventDescription,
            String unitMask,
            long periodCycles,
            long samples,
            String cpuType,
            long frequencyMhz,
            List<Row> rows) {}

    /** What a profile's samples are counted by, and how many events lie between two of them. */
    record Sampling(String event, long periodCycles) {}

    /**
     * Samples of one function on one processor in one context.
     *
     * @param context swapper, hardirq, softirq or a program
     */
    record Stack(int cpu, String context, String symbol, long samples) {}

    /** One function. */
    record Row(String symbol, long samples, double percent, long cycles) {}

    /** A span of work on a track. */
    record Span(int track, String name, long startPs, long endPs) {}
}
