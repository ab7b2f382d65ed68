package org.ioatlab.workload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.ioatlab.wire.InternetChecksum;

/**
 * The bytes of a stream without an end, each known from the seed and its offset alone, so that nobody has to keep what was sent. Eight bytes
 * at a time are a mixed counter (after SplitMix64: Steele, Lea, Flood, OOPSLA 2014), the first byte the lowest.
 *
 * @param seed any value; equal seeds give equal streams
 */
public record StreamPattern(long seed) {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;
    private static final long MULTIPLIER = 0xbf58476d1ce4e5b9L;
    private static final int WORD_MASK = Long.BYTES - 1;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW = 0xffff_ffffL;

    /** Writes {@code length} bytes of the stream from {@code offset} (0 or more) on. */
    public void fill(long offset, byte[] into, int at, int length) {
        int head = headLength(offset, length);
        fillBytes(offset, into, at, head);
        int words = (length - head) & ~WORD_MASK;
        fillWords(counterAt(offset + head), into, at + head, at + head + words);
        fillBytes(offset + head + words, into, at + head + words, length - head - words);
    }

    /** Writes the same bytes and answers their sum as {@link InternetChecksum#sum} has it. */
    public int fillAndSum(long offset, byte[] into, int at, int length) {
        if (headLength(offset, length) > 0) {
            fill(offset, into, at, length);
            return InternetChecksum.sum(into, at, length);
        }
        int words = length & ~WORD_MASK;
        int sum = InternetChecksum.swap(fold(fillWords(counterAt(offset), into, at, at + words)));
        fillBytes(offset + words, into, at + words, length - words);
        return words == length
                ? sum
                : InternetChecksum.add(sum, InternetChecksum.sum(into, at + words, length - words));
    }

    /** Whether {@code length} bytes from {@code at} on are those of the stream from {@code offset} (0 or more) on. */
    public boolean matches(long offset, byte[] bytes, int at, int length) {
        int head = headLength(offset, length);
        int words = (length - head) & ~WORD_MASK;
        return bytesMatch(offset, bytes, at, head)
                && wordsMatch(counterAt(offset + head), bytes, at + head, at + head + words)
                && bytesMatch(offset + head + words, bytes, at + head + words, length - head - words);
    }

    /** The byte at {@code offset}. */
    public byte byteAt(long offset) {
        return (byte) (mix(counterAt(offset)) >>> ((offset & WORD_MASK) << 3));
    }

    private static int headLength(long offset, int length) {
        return Math.min((int) -offset & WORD_MASK, length);
    }

    private long counterAt(long offset) {
        return seed * MULTIPLIER + (offset >>> 3) * GAMMA;
    }

    private static long mix(long counter) {
        long z = (counter ^ counter >>> 32) * MULTIPLIER;
        return z ^ z >>> 29;
    }

    /** Answers the words' sum, wide and in little-endian order. */
    private static long fillWords(long first, byte[] into, int from, int to) {
        long counter = first;
        long sum = 0;
        for (int at = from; at < to; at += Long.BYTES) {
            long word = mix(counter);
            WORD.set(into, at, word);
            sum += (word & LOW) + (word >>> 32);
            counter += GAMMA;
        }
        return sum;
    }

    private static boolean wordsMatch(long first, byte[] bytes, int from, int to) {
        long counter = first;
        long difference = 0;
        for (int at = from; at < to; at += Long.BYTES) {
            difference |= mix(counter) ^ (long) WORD.get(bytes, at);
            counter += GAMMA;
        }
        return difference == 0;
    }

    private void fillBytes(long offset, byte[] into, int at, int length) {
        for (int i = 0; i < length; i++) {
            into[at + i] = byteAt(offset + i);
        }
    }

    private boolean bytesMatch(long offset, byte[] bytes, int at, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[at + i] != byteAt(offset + i)) {
                return false;
            }
        }
        return true;
    }

    private static int fold(long sum) {
        long folded = (sum & LOW) + (sum >>> 32);
        folded = (folded & 0xffff) + (folded >>> 16);
        folded = (folded & 0xffff) + (folded >>> 16);
        return (int) ((folded & 0xffff) + (folded >>> 16));
    }
}
