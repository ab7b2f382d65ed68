package org.ioatlab.machine;

import java.util.Map;

/** What receiving cost a machine. */
public interface StatisticsViews {
    /**
     * Figures since the last reset, or since the machine was switched on.
     *
     * @param sinceNs when counting began
     * @param packets received packets that drivers handed on
     * @param payloadBytes bytes that readers were given
     * @param busyCycles of all processors
     * @param cyclesPerPacket busy cycles of all processors for each packet, 0 without packets
     * @param cyclesPerByte the same for each byte that readers were given, 0 without bytes
     * @param cpuUtilization busy cycles over all cycles of all processors, 0 to 1
     * @param engineBytes bytes that readers were given by the copy engine
     * @param earlyBytes those of them whose copy began before the reader ran
     * @param cpuCopiedBytes bytes that readers were given by processors
     * @param notOffloaded why not by the engine, with bytes
     * @param notEarly why segments weren't copied before their readers ran, with bytes
     * @param cacheMisses lines that processors didn't find in caches of their own, by what they were accessed for
     * @param busBytes what passed the memory bus, by who it was for
     * @param busBytesPerPayloadByte all of it over {@code payloadBytes}, 0 without bytes
     * @param firstTouch where programs found the lines of what they had read when they first looked at it
     */
    record Statistics(
            long sinceNs,
            long nowNs,
            long packets,
            long payloadBytes,
            long busyCycles,
            double cyclesPerPacket,
            double cyclesPerByte,
            double cpuUtilization,
            long engineBytes,
            long earlyBytes,
            long cpuCopiedBytes,
            Map<String, Long> notOffloaded,
            Map<String, Long> notEarly,
            Map<String, Long> cacheMisses,
            Map<String, Long> busBytes,
            double busBytesPerPayloadByte,
            Residency firstTouch) {}

    /** Lines by where they were found: in the core's own cache, in the one behind it, in other cores' caches, in memory. */
    record Residency(long firstLevel, long secondLevel, long otherCaches, long memory) {}
}
