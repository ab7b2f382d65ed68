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
    private static final int WORD_SHIFT = 3;
    private static final int WORD_MASK = Long.BYTES - 1;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW = 0xffff_ffffL;

    /** Words that are made in one go: those of a usual frame. */
    private static final int BLOCK = 256;

    /** Words up to which a plain loop is faster than one of vector instructions. */
    private static final int FEW = 4;

    /** How far each word's counter is from the block's first: looked up, the compiler makes vector instructions of the loops below. */
    private static final long[] STEPS = steps();

    private static long[] steps() {
        long[] steps = new long[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            steps[i] = i * GAMMA;
        }
        return steps;
    }

    /** Writes {@code length} bytes of the stream from {@code offset} (0 or more) on. */
    public void fill(long offset, byte[] into, int at, int length) {
        fillAndSum(offset, into, at, length);
    }

    /** Writes the same bytes and answers their sum as {@link InternetChecksum#sum} has it. */
    public int fillAndSum(long offset, byte[] into, int at, int length) {
        int head = headLength(offset, length);
        int words = (length - head) >>> WORD_SHIFT;
        int tailAt = head + (words << WORD_SHIFT);
        long first = part(offset, head);
        long last = part(offset + tailAt, length - tailAt);
        putPart(first, into, at, head);
        putPart(last, into, at + tailAt, length - tailAt);
        long sum = wide(last) + fillWords(counterAt(offset + head), into, at + head, words);
        if (head == 0) {
            return InternetChecksum.ofLittleEndian(sum);
        }
        int rest = InternetChecksum.ofLittleEndian(sum);
        return InternetChecksum.add(
                InternetChecksum.ofLittleEndian(wide(first)), (head & 1) == 0 ? rest : InternetChecksum.swap(rest));
    }

    /** Whether {@code length} bytes from {@code at} on are those of the stream from {@code offset} (0 or more) on. */
    public boolean matches(long offset, byte[] bytes, int at, int length) {
        int head = headLength(offset, length);
        int words = (length - head) >>> WORD_SHIFT;
        int tailAt = head + (words << WORD_SHIFT);
        return getPart(bytes, at, head) == part(offset, head)
                && wordsMatch(counterAt(offset + head), bytes, at + head, words)
                && getPart(bytes, at + tailAt, length - tailAt) == part(offset + tailAt, length - tailAt);
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
    private static long fillWords(long first, byte[] into, int at, int words) {
        if (words <= FEW) {
            return fillFew(first, into, at, words);
        }
        long sum = 0;
        for (int i = 0; i < words; i += BLOCK) {
            sum += fillBlock(first + i * GAMMA, into, at + (i << WORD_SHIFT), Math.min(words - i, BLOCK));
        }
        return sum;
    }

    /** So few words that setting vector instructions up would take longer. */
    private static long fillFew(long first, byte[] into, int at, int words) {
        long sum = 0;
        long counter = first;
        for (int to = at; to < at + (words << WORD_SHIFT); to += Long.BYTES) {
            long word = mix(counter);
            WORD.set(into, to, word);
            sum += wide(word);
            counter += GAMMA;
        }
        return sum;
    }

    private static long fillBlock(long first, byte[] into, int at, int words) {
        long sum = 0;
        for (int i = 0; i < words; i++) {
            long word = mix(first + STEPS[i]);
            WORD.set(into, at + (i << WORD_SHIFT), word);
            sum += wide(word);
        }
        return sum;
    }

    private static boolean wordsMatch(long first, byte[] bytes, int at, int words) {
        long difference = 0;
        for (int i = 0; i < words; i += BLOCK) {
            difference |= blockDifference(first + i * GAMMA, bytes, at + (i << WORD_SHIFT), Math.min(words - i, BLOCK));
        }
        return difference == 0;
    }

    private static long blockDifference(long first, byte[] bytes, int at, int words) {
        long difference = 0;
        for (int i = 0; i < words; i++) {
            difference |= mix(first + STEPS[i]) ^ (long) WORD.get(bytes, at + (i << WORD_SHIFT));
        }
        return difference;
    }

    private static long wide(long word) {
        return (word & LOW) + (word >>> Integer.SIZE);
    }

    /** The {@code length} (0 to 7) bytes from {@code offset} on, which lie in one word; the first is the lowest. */
    private long part(long offset, int length) {
        long from = mix(counterAt(offset)) >>> ((offset & WORD_MASK) << 3);
        return from & (1L << (length << 3)) - 1;
    }

    private static void putPart(long part, byte[] into, int at, int length) {
        long left = part;
        int to = at;
        if ((length & Integer.BYTES) != 0) {
            INT.set(into, to, (int) left);
            left >>>= Integer.SIZE;
            to += Integer.BYTES;
        }
        if ((length & Short.BYTES) != 0) {
            SHORT.set(into, to, (short) left);
            left >>>= Short.SIZE;
            to += Short.BYTES;
        }
        if ((length & 1) != 0) {
            into[to] = (byte) left;
        }
    }

    private static long getPart(byte[] bytes, int at, int length) {
        long part = 0;
        for (int i = 0; i < length; i++) {
            part |= (bytes[at + i] & 0xffL) << (i << 3);
        }
        return part;
    }
}
