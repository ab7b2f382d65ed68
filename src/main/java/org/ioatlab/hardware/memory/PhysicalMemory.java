package org.ioatlab.hardware.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The machine's memory by physical address: page frames of 4096 real bytes, allocated on the host when first written and read as zeros
 * before that. Little-endian, as the processor and its devices see it.
 */
public final class PhysicalMemory {
    /** Bytes of a page frame. */
    public static final int PAGE_SIZE = 4096;

    /** log2 of {@link #PAGE_SIZE}. */
    public static final int PAGE_SHIFT = 12;

    private static final int OFFSET_MASK = PAGE_SIZE - 1;
    private static final int BLOCK_SHIFT = 8;
    private static final int BLOCK_FRAMES = 1 << BLOCK_SHIFT;
    private static final byte[] ZEROS = new byte[PAGE_SIZE];
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int frames;
    private final @Nullable Block[] blocks;
    private final long[] changed;
    private long contentHash;
    private int backedFrames;

    /** A run of frames that share one allocation of bookkeeping. */
    private static final class Block {
        final byte[] @Nullable [] bytes = new byte[BLOCK_FRAMES] @Nullable [];
        final long[] hashes = new long[BLOCK_FRAMES];
    }

    /** @param frames number of page frames, at least 1 */
    public PhysicalMemory(int frames) {
        this.frames = frames;
        blocks = new @Nullable Block[(frames + BLOCK_FRAMES - 1) >> BLOCK_SHIFT];
        changed = new long[(frames + Long.SIZE - 1) / Long.SIZE];
    }

    /** Number of page frames. */
    public int frames() {
        return frames;
    }

    /** Frames that take memory of the host. */
    public int backedFrames() {
        return backedFrames;
    }

    /** Whether all of {@code [address, address + length)} exists. */
    public boolean contains(long address, long length) {
        long end = (long) frames << PAGE_SHIFT;
        return address >= 0 && length >= 0 && address <= end && length <= end - address;
    }

    /** The frame's bytes for reading; zeros that must not be written if it was never written. */
    public byte[] read(int frame) {
        Block block = blocks[frame >> BLOCK_SHIFT];
        byte[] bytes = block == null ? null : block.bytes[frame & (BLOCK_FRAMES - 1)];
        return bytes == null ? ZEROS : bytes;
    }

    /** The frame's bytes for writing, counted as changed. */
    public byte[] write(int frame) {
        changed[frame >> 6] |= 1L << frame;
        Block block = blocks[frame >> BLOCK_SHIFT];
        if (block == null) {
            block = new Block();
            blocks[frame >> BLOCK_SHIFT] = block;
        }
        byte[] bytes = block.bytes[frame & (BLOCK_FRAMES - 1)];
        if (bytes == null) {
            bytes = new byte[PAGE_SIZE];
            block.bytes[frame & (BLOCK_FRAMES - 1)] = bytes;
            backedFrames++;
        }
        return bytes;
    }

    /** Reads 8 bytes that lie within one frame. */
    public long readLong(long address) {
        return (long) LONGS.get(read((int) (address >> PAGE_SHIFT)), (int) address & OFFSET_MASK);
    }

    /** Writes 8 bytes that lie within one frame. */
    public void writeLong(long address, long value) {
        LONGS.set(write((int) (address >> PAGE_SHIFT)), (int) address & OFFSET_MASK, value);
    }

    /** Reads 4 bytes that lie within one frame. */
    public int readInt(long address) {
        return (int) INTS.get(read((int) (address >> PAGE_SHIFT)), (int) address & OFFSET_MASK);
    }

    /** Writes 4 bytes that lie within one frame. */
    public void writeInt(long address, int value) {
        INTS.set(write((int) (address >> PAGE_SHIFT)), (int) address & OFFSET_MASK, value);
    }

    /** Reads {@code length} bytes at {@code address} into {@code target}. */
    public void read(long address, byte[] target, int offset, int length) {
        long from = address;
        int to = offset;
        int left = length;
        while (left > 0) {
            int within = (int) from & OFFSET_MASK;
            int piece = Math.min(left, PAGE_SIZE - within);
            System.arraycopy(read((int) (from >> PAGE_SHIFT)), within, target, to, piece);
            from += piece;
            to += piece;
            left -= piece;
        }
    }

    /** Writes {@code length} bytes of {@code source} at {@code address}. */
    public void write(long address, byte[] source, int offset, int length) {
        long to = address;
        int from = offset;
        int left = length;
        while (left > 0) {
            int within = (int) to & OFFSET_MASK;
            int piece = Math.min(left, PAGE_SIZE - within);
            System.arraycopy(source, from, write((int) (to >> PAGE_SHIFT)), within, piece);
            to += piece;
            from += piece;
            left -= piece;
        }
    }

    /**
     * Copies {@code length} bytes as if through a buffer of that length: overlapping ranges come out as with {@code memmove}.
     *
     * @param length at most {@link Integer#MAX_VALUE}
     */
    public void copy(long target, long source, int length) {
        if (target > source && target < source + length) {
            copyFromEnd(target, source, length);
            return;
        }
        int done = 0;
        while (done < length) {
            int to = (int) (target + done) & OFFSET_MASK;
            int from = (int) (source + done) & OFFSET_MASK;
            int piece = Math.min(length - done, PAGE_SIZE - Math.max(to, from));
            copyWithinFrames(target + done, source + done, piece);
            done += piece;
        }
    }

    /** Sets {@code length} bytes to {@code value}. */
    public void fill(long address, int length, byte value) {
        long to = address;
        int left = length;
        while (left > 0) {
            int within = (int) to & OFFSET_MASK;
            int piece = Math.min(left, PAGE_SIZE - within);
            Arrays.fill(write((int) (to >> PAGE_SHIFT)), within, within + piece, value);
            to += piece;
            left -= piece;
        }
    }

    /** Feeds a hash of all bytes; only frames changed since the last call are read. */
    public void hashInto(StateHash hash) {
        for (int word = 0; word < changed.length; word++) {
            for (long bits = changed[word]; bits != 0; bits &= bits - 1) {
                rehash((word << 6) + Long.numberOfTrailingZeros(bits));
            }
            changed[word] = 0;
        }
        hash.put(contentHash);
    }

    private void copyFromEnd(long target, long source, int length) {
        int left = length;
        while (left > 0) {
            int to = (int) (target + left - 1) & OFFSET_MASK;
            int from = (int) (source + left - 1) & OFFSET_MASK;
            int piece = Math.min(left, Math.min(to, from) + 1);
            copyWithinFrames(target + left - piece, source + left - piece, piece);
            left -= piece;
        }
    }

    private void copyWithinFrames(long target, long source, int length) {
        System.arraycopy(
                read((int) (source >> PAGE_SHIFT)),
                (int) source & OFFSET_MASK,
                write((int) (target >> PAGE_SHIFT)),
                (int) target & OFFSET_MASK,
                length);
    }

    private void rehash(int frame) {
        Block block = blocks[frame >> BLOCK_SHIFT];
        if (block == null) {
            return;
        }
        int index = frame & (BLOCK_FRAMES - 1);
        long now = PageHash.of(read(frame));
        contentHash += PageHash.placed(now, frame) - PageHash.placed(block.hashes[index], frame);
        block.hashes[index] = now;
    }
}
