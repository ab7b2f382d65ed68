package org.ioatlab.kernel.net.socket;

import java.util.Arrays;
import java.util.Objects;
import org.ioatlab.kernel.mm.LockedList;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** Parts of user memory, one after the other ({@code struct iovec[]}), and how far a call has got in them. Used again without allocating. */
public final class IoVector {
    /** The most parts (UIO_MAXIOV). */
    public static final int LARGEST_PARTS = 1024;

    private @Nullable UserBuffer[] buffers = new @Nullable UserBuffer[1];
    private int[] offsets = new int[1];
    private int[] lengths = new int[1];
    private int parts;
    private int part;
    private int within;
    private int remaining;
    private int total;

    /** Forgets all parts. */
    public IoVector clear() {
        Arrays.fill(buffers, 0, parts, null);
        parts = 0;
        part = 0;
        within = 0;
        remaining = 0;
        total = 0;
        return this;
    }

    /** Adds {@code length} bytes of {@code buffer} from {@code offset} on. */
    public IoVector add(UserBuffer buffer, int offset, int length) {
        if (parts == offsets.length) {
            buffers = Arrays.copyOf(buffers, 2 * parts);
            offsets = Arrays.copyOf(offsets, 2 * parts);
            lengths = Arrays.copyOf(lengths, 2 * parts);
        }
        buffers[parts] = buffer;
        offsets[parts] = offset;
        lengths[parts++] = length;
        remaining += length;
        total += length;
        return this;
    }

    /** Bytes of all parts. */
    public int total() {
        return total;
    }

    /** Bytes from here on. */
    public int remaining() {
        return remaining;
    }

    /** Adds all parts to a list of what is to be pinned. */
    void lock(LockedList list) {
        list.clear();
        for (int i = 0; i < parts; i++) {
            list.add(Objects.requireNonNull(buffers[i]), offsets[i], lengths[i]);
        }
    }

    /** Which part the next byte lies in; there has to be one. */
    int part() {
        skipFull();
        return part;
    }

    /** Where in its buffer the next byte lies. */
    int bufferOffset() {
        skipFull();
        return offsets[part] + within;
    }

    /** The buffer that the next byte lies in. */
    UserBuffer currentBuffer() {
        skipFull();
        return buffer();
    }

    /** Whether the next byte can be written as it is: its page is in memory and nobody shares it. */
    boolean isWritable() {
        skipFull();
        int offset = offsets[part] + within;
        return buffer().isPresent(offset) && !buffer().isSharedAt(offset);
    }

    /** How many of the next {@code bytes} can be written as they are. */
    int writable(int bytes) {
        int at = part;
        int from = within;
        int found = 0;
        while (found < bytes && at < parts) {
            UserBuffer in = Objects.requireNonNull(buffers[at]);
            while (from < lengths[at] && found < bytes) {
                int offset = offsets[at] + from;
                if (!in.isPresent(offset) || in.isSharedAt(offset)) {
                    return found;
                }
                int run = Math.min(in.runAt(offset), lengths[at] - from);
                found += run;
                from += run;
            }
            at++;
            from = 0;
        }
        return Math.min(found, bytes);
    }

    /** Physical address of the next byte; there has to be one. */
    long address() {
        skipFull();
        return buffer().addressAt(offsets[part] + within);
    }

    /** How many bytes lie in one page from here on. */
    int run() {
        skipFull();
        return Math.min(buffer().runAt(offsets[part] + within), lengths[part] - within);
    }

    /** Goes on by at most {@link #run()} bytes. */
    void advance(int bytes) {
        within += bytes;
        remaining -= bytes;
    }

    private void skipFull() {
        while (within == lengths[part]) {
            part++;
            within = 0;
        }
    }

    private UserBuffer buffer() {
        return Objects.requireNonNull(buffers[part]);
    }

    void hashInto(StateHash hash) {
        hash.put((long) part << Integer.SIZE | within);
        hash.put((long) remaining << Integer.SIZE | total);
    }
}
