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
    private static final int BLOCK_SHIFT = 6;
    private static final int BLOCK_FRAMES = 1 << BLOCK_SHIFT;
    private static final int INDEX_MASK = BLOCK_FRAMES - 1;
    private static final byte[] ZEROS = new byte[PAGE_SIZE];
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int frames;
    private final @Nullable Block[] blocks;
    private long contentHash;
    private int backedFrames;

    /** A run of frames that share one allocation of bookkeeping; one bit of {@code changed} each. */
    private static final class Block {
        final byte[] @Nullable [] bytes = new byte[BLOCK_FRAMES] @Nullable [];
        long changed;
        long @Nullable [] hashes;
    }

    /** @param frames number of page frames, at least 1 */
    public PhysicalMemory(int frames) {
        this.frames = frames;
        blocks = new @Nullable Block[(frames + BLOCK_FRAMES - 1) >> BLOCK_SHIFT];
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
        byte[] bytes = block == null ? null : block.bytes[frame & INDEX_MASK];
        return bytes == null ? ZEROS : bytes;
    }

    /** The frame's bytes for writing, counted as changed. */
    public byte[] write(int frame) {
        Block block = blocks[frame >> BLOCK_SHIFT];
        if (block == null) {
            block = new Block();
            blocks[frame >> BLOCK_SHIFT] = block;
        }
        block.changed |= 1L << frame;
        byte[] bytes = block.bytes[frame & INDEX_MASK];
        if (bytes == null) {
            bytes = new byte[PAGE_SIZE];
            block.bytes[frame & INDEX_MASK] = bytes;
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
        int latest = PAGE_SIZE - length;
        if (length > 0 && ((int) target & OFFSET_MASK) <= latest && ((int) source & OFFSET_MASK) <= latest) {
            copyWithinFrames(target, source, length);
        } else {
            copyPieces(target, source, length);
        }
    }

    private void copyPieces(long target, long source, int length) {
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
            fillWithinFrame((int) (to >> PAGE_SHIFT), within, piece, value);
            to += piece;
            left -= piece;
        }
    }

    /** Feeds a hash of all bytes; only frames changed since the last call are read. */
    public void hashInto(StateHash hash) {
        for (int i = 0; i < blocks.length; i++) {
            Block block = blocks[i];
            if (block != null && block.changed != 0) {
                rehash(block, i << BLOCK_SHIFT);
            }
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
        byte[] from = read((int) (source >> PAGE_SHIFT));
        int frame = (int) (target >> PAGE_SHIFT);
        if (from != ZEROS || read(frame) != ZEROS) {
            System.arraycopy(from, (int) source & OFFSET_MASK, write(frame), (int) target & OFFSET_MASK, length);
        }
    }

    private void fillWithinFrame(int frame, int offset, int length, byte value) {
        if (value != 0 || read(frame) != ZEROS) {
            Arrays.fill(write(frame), offset, offset + length, value);
        }
    }

    private void rehash(Block block, int firstFrame) {
        long[] hashes = block.hashes;
        if (hashes == null) {
            hashes = new long[BLOCK_FRAMES];
            block.hashes = hashes;
        }
        for (long bits = block.changed; bits != 0; bits &= bits - 1) {
            int index = Long.numberOfTrailingZeros(bits);
            int frame = firstFrame + index;
            long now = PageHash.of(read(frame));
            contentHash += PageHash.placed(now, frame) - PageHash.placed(hashes[index], frame);
            hashes[index] = now;
        }
        block.changed = 0;
    }
}
