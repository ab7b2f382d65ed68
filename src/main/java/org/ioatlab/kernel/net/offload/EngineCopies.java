package org.ioatlab.kernel.net.offload;

import java.util.Arrays;
import org.ioatlab.time.StateHash;

/** What the engine was asked to copy for one read and isn't known to have done: pieces in the order of their cookies. Used again and again. */
public final class EngineCopies {
    private long[] targets = new long[64];
    private long[] sources = new long[64];
    private int[] lengths = new int[64];
    private int[] cookies = new int[64];
    private boolean[] early = new boolean[64];
    private int first;
    private int end;

    /** Whether there is none. */
    public boolean isEmpty() {
        return first == end;
    }

    /**
     * Remembers a piece; addresses are physical.
     *
     * @param beforeReader whether it was given to the engine before its reader ran
     */
    public void add(long target, long source, int length, int cookie, boolean beforeReader) {
        if (end == targets.length) {
            makeRoom();
        }
        targets[end] = target;
        sources[end] = source;
        lengths[end] = length;
        early[end] = beforeReader;
        cookies[end++] = cookie;
    }

    /** The oldest piece's cookie. */
    public int firstCookie() {
        return cookies[first];
    }

    /** The newest piece's cookie. */
    public int lastCookie() {
        return cookies[end - 1];
    }

    /** Where the oldest piece goes. */
    public long firstTarget() {
        return targets[first];
    }

    /** Where the oldest piece comes from. */
    public long firstSource() {
        return sources[first];
    }

    /** The oldest piece's length. */
    public int firstLength() {
        return lengths[first];
    }

    /** Whether the oldest piece was given to the engine before its reader ran. */
    public boolean isFirstEarly() {
        return early[first];
    }

    /** Forgets the oldest piece: it is done. */
    public void removeFirst() {
        if (++first == end) {
            first = 0;
            end = 0;
        }
    }

    /** Forgets all pieces up to the one of that cookie: they are done, and where they came from may be gone. */
    public void removeThrough(int cookie) {
        int at = first;
        while (at < end && cookies[at] != cookie) {
            at++;
        }
        if (at == end) {
            return;
        }
        first = at + 1;
        if (first == end) {
            clear();
        }
    }

    /** Forgets all pieces. */
    public void clear() {
        first = 0;
        end = 0;
    }

    /** Feeds all pieces. */
    public void hashInto(StateHash hash) {
        for (int i = first; i < end; i++) {
            hash.put(targets[i]);
            hash.put(sources[i]);
            hash.put((long) lengths[i] << Integer.SIZE | cookies[i]);
            hash.put(early[i]);
        }
    }

    private void makeRoom() {
        int size = end - first;
        int room = size > targets.length / 2 ? 2 * targets.length : targets.length;
        targets = moved(targets, room);
        sources = moved(sources, room);
        lengths = moved(lengths, room);
        cookies = moved(cookies, room);
        early = Arrays.copyOf(Arrays.copyOfRange(early, first, end), room);
        first = 0;
        end = size;
    }

    private long[] moved(long[] from, int room) {
        return Arrays.copyOf(Arrays.copyOfRange(from, first, end), room);
    }

    private int[] moved(int[] from, int room) {
        return Arrays.copyOf(Arrays.copyOfRange(from, first, end), room);
    }
}
