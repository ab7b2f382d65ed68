package org.ioatlab.hardware.memory;

import java.util.Arrays;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;

/**
 * The way to memory that processors, network controllers and copy engines share: a calendar of time slots that hold so many bytes each. Whoever
 * transfers takes room from the slot of its instant on; if that lasts longer than the transfer would by itself, the rest is its delay. Work
 * reaches ahead of the clock, so requests come out of order; room that is taken stays taken.
 */
final class MemoryBus {
    /** log2 of a slot's length in processor cycles. */
    static final int SLOT_SHIFT = 12;

    /** How many slots are known, from the latest that was asked for backwards. */
    static final int SLOTS = 128;

    private static final int SLOT_MASK = SLOTS - 1;

    private final long slotBytes;
    private long[] numbers = {};
    private long[] taken = {};
    private final long[] totals = new long[BusTraffic.values().length];

    MemoryBus(Platform platform) {
        long megabytes = platform.get(Parameter.MEMORY_BUS_MEGABYTES_PER_SECOND);
        slotBytes = Math.max(1, (megabytes << SLOT_SHIFT) / platform.get(Parameter.CPU_FREQUENCY_MHZ));
    }

    void count(BusTraffic traffic, long bytes) {
        totals[traffic.ordinal()] += bytes;
    }

    long total(BusTraffic traffic) {
        return totals[traffic.ordinal()];
    }

    void resetTotals() {
        Arrays.fill(totals, 0);
    }

    /**
     * Takes room for {@code bytes} that pass from cycle {@code start} on.
     *
     * @param duration cycles that the transfer takes by itself
     * @return how many cycles longer it takes; 0 for an instant so long ago that its slot is forgotten
     */
    long take(long start, long bytes, long duration) {
        int first = (int) (start >> SLOT_SHIFT) & SLOT_MASK;
        if (first < numbers.length && numbers[first] == start >> SLOT_SHIFT && taken[first] + bytes <= slotBytes) {
            taken[first] += bytes;
            return 0;
        }
        return takeFromSeveral(start, bytes, duration);
    }

    /** Forgets what was taken. */
    void clear() {
        numbers = new long[0];
        taken = new long[0];
    }

    private long takeFromSeveral(long start, long bytes, long duration) {
        if (numbers.length == 0) {
            numbers = new long[SLOTS];
            taken = new long[SLOTS];
        }
        long slot = start >> SLOT_SHIFT;
        long end = slot + SLOTS - 1;
        for (long left = bytes; slot < end; slot++) {
            int at = (int) slot & SLOT_MASK;
            if (numbers[at] > slot) {
                return 0;
            }
            if (numbers[at] < slot) {
                numbers[at] = slot;
                taken[at] = 0;
            }
            long piece = Math.min(left, slotBytes - taken[at]);
            taken[at] += piece;
            left -= piece;
            if (left == 0) {
                break;
            }
        }
        return Math.max(0, (slot << SLOT_SHIFT) - start - duration);
    }
}
