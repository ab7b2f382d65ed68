package org.ioatlab.workload.wire;

import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;

/** The way that packets of one kind take: its impairments and the random numbers that decide on each packet. */
public final class Path {
    /** By how many full frames' times a packet is held back at most that others are to overtake. */
    private static final int LARGEST_DISPLACEMENT = 8;

    private final Impairments impairments;
    private final boolean clear;
    private final SeededRandom random;

    /** A way with its own random numbers. */
    public Path(Impairments impairments, long seed) {
        this.impairments = impairments;
        clear = impairments.equals(Impairments.NONE);
        random = SeededRandom.forPart(seed, "path");
    }

    /** A way on which nothing happens. */
    public static Path clear() {
        return new Path(Impairments.NONE, 0);
    }

    /** What can happen. */
    public Impairments impairments() {
        return impairments;
    }

    /** Whether nothing can happen. */
    public boolean isClear() {
        return clear;
    }

    boolean loses() {
        return happens(impairments.lossPpb());
    }

    boolean duplicates() {
        return happens(impairments.duplicatePpb());
    }

    boolean corrupts() {
        return happens(impairments.corruptPpb());
    }

    /** Which of {@code bits} flips. */
    int flippedBit(int bits) {
        return random.nextInt(bits);
    }

    /** How much longer than the link the next packet takes. */
    long delayPs(long fullFramePs) {
        long delay = impairments.delayPs();
        if (impairments.jitterPs() > 0) {
            delay += (random.nextLong() >>> 1) % (impairments.jitterPs() + 1);
        }
        if (happens(impairments.reorderPpb())) {
            delay += fullFramePs * (1 + random.nextInt(LARGEST_DISPLACEMENT));
        }
        return delay;
    }

    /** Feeds impairments and random state. */
    public void hashInto(StateHash hash) {
        hash.put((long) impairments.lossPpb() << Integer.SIZE | impairments.duplicatePpb());
        hash.put((long) impairments.reorderPpb() << Integer.SIZE | impairments.corruptPpb());
        hash.put(impairments.delayPs());
        hash.put(impairments.jitterPs());
        random.hashInto(hash);
    }

    private boolean happens(int ppb) {
        return ppb > 0 && random.nextInt(Impairments.PPB) < ppb;
    }
}
