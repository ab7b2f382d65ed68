package org.ioatlab.time;

/**
 * The only source of randomness: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014), one
 * {@code long} of state that can be hashed and restored.
 */
public final class SeededRandom {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /** @param seed any value; equal seeds give equal sequences */
    public SeededRandom(long seed) {
        state = seed;
    }

    /** A source of its own for one part of a machine, so that parts don't disturb each other's sequences. */
    public static SeededRandom forPart(long seed, String part) {
        long mixed = seed;
        for (int i = 0; i < part.length(); i++) {
            mixed = mix(mixed + GOLDEN_GAMMA + part.charAt(i));
        }
        return new SeededRandom(mixed);
    }

    /** Sixty-four random bits. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /**
     * A number from 0 to {@code bound} - 1, without bias worth naming (the high half of a 32 x 32 bit product).
     *
     * @param bound at least 1
     */
    public int nextInt(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** Fills {@code length} bytes. */
    public void fill(byte[] target, int offset, int length) {
        for (int i = 0; i < length; i += Long.BYTES) {
            long bits = nextLong();
            for (int j = i; j < Math.min(i + Long.BYTES, length); j++, bits >>>= Byte.SIZE) {
                target[offset + j] = (byte) bits;
            }
        }
    }

    /** Feeds the state. */
    public void hashInto(StateHash hash) {
        hash.put(state);
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
