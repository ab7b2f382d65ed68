package org.ioatlab.workload.wire;

import org.ioatlab.time.EventLoop;

/**
 * What happens to packets on their way. Fractions are parts per billion, times picoseconds.
 *
 * @param lossPpb packets that vanish
 * @param duplicatePpb packets that come twice
 * @param reorderPpb packets that are held back so that others overtake them
 * @param corruptPpb packets of which one bit flips
 * @param delayPs what every packet takes longer than the link
 * @param jitterPs the most by which that varies
 */
public record Impairments(int lossPpb, int duplicatePpb, int reorderPpb, int corruptPpb, long delayPs, long jitterPs) {
    /** The whole. */
    public static final int PPB = 1_000_000_000;

    /** Nothing happens. */
    public static final Impairments NONE = new Impairments(0, 0, 0, 0, 0, 0);

    /** @throws IllegalArgumentException if a fraction or a time is out of range */
    public Impairments {
        requireFraction("loss", lossPpb);
        requireFraction("duplicate", duplicatePpb);
        requireFraction("reorder", reorderPpb);
        requireFraction("corrupt", corruptPpb);
        requireTime("delay", delayPs);
        requireTime("jitter", jitterPs);
    }

    /** Packets that vanish, per billion. */
    public static Impairments loss(int lossPpb) {
        return new Impairments(lossPpb, 0, 0, 0, 0, 0);
    }

    private static void requireFraction(String name, int ppb) {
        if (ppb < 0 || ppb > PPB) {
            throw new IllegalArgumentException(name + " must be between 0 and 1");
        }
    }

    private static void requireTime(String name, long ps) {
        if (ps < 0 || ps > EventLoop.HORIZON_PS) {
            throw new IllegalArgumentException(name + " must be between 0 and 100 days");
        }
    }
}
