package org.ioatlab.kernel.sched;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.cpu.Cpu;

/**
 * A set of processors among which one of them balances load ({@code struct sched_domain}): the threads of its core, or all processors.
 * Balanced every so many ticks, more rarely while busy, each processor at ticks of its own. The intervals are those at which Linux 2.6.12
 * settles when it finds nothing to do.
 *
 * @param processors how many it spans
 * @param idleTicks interval while the processor is idle
 * @param busyTicks interval while it is busy
 * @param offset what sets this processor's ticks apart
 * @param siblings whether it spans the threads of a core only
 */
record SchedDomain(int processors, int idleTicks, int busyTicks, int offset, boolean siblings) {
    private static final int SIBLING_TICKS = 2;
    private static final int SIBLING_BUSY_FACTOR = 8;
    private static final int PHYSICAL_TICKS = 4;
    private static final int PHYSICAL_BUSY_FACTOR = 64;

    /** The domains of {@code cpu}, smallest first. */
    static SchedDomain[] of(Cpu cpu, List<Cpu> all) {
        int siblings = 1;
        for (Cpu other : all) {
            siblings += cpu.isSiblingOf(other) ? 1 : 0;
        }
        List<SchedDomain> domains = new ArrayList<>();
        if (siblings > 1) {
            domains.add(new SchedDomain(siblings, SIBLING_TICKS, SIBLING_TICKS * SIBLING_BUSY_FACTOR, cpu.id(), true));
        }
        if (all.size() > siblings) {
            domains.add(new SchedDomain(
                    all.size(), PHYSICAL_TICKS, PHYSICAL_TICKS * PHYSICAL_BUSY_FACTOR, cpu.id(), false));
        }
        return domains.toArray(SchedDomain[]::new);
    }

    /** How often it is balanced in the ticks after {@code from} up to and including {@code through}. */
    long balancings(long from, long through, boolean idle) {
        int ticks = idle ? idleTicks : busyTicks;
        return (through + offset) / ticks - (from + offset) / ticks;
    }

    /** The next tick after {@code tick} at which the idle processor balances it. */
    long nextIdleBalancing(long tick) {
        return ((tick + offset) / idleTicks + 1) * idleTicks - offset;
    }
}
