package org.ioatlab.lab;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.ioatlab.lab.JournalEntry.Applied;
import org.ioatlab.lab.JournalEntry.What;
import org.ioatlab.machine.Command;
import org.jspecify.annotations.Nullable;

/**
 * What was done to one machine, in order. Kept as columns; written by the machine's writer only. A list taken from it stays as it is,
 * because what is written once never changes.
 */
final class Journal {
    private static final int FIRST_CAPACITY = 8;
    private static final long[] NOTHING = {};

    private long[] instants = NOTHING;
    private long[] fired = NOTHING;
    private @Nullable Object[] done = {};
    private int size;
    private long bytes;

    int size() {
        return size;
    }

    /** What the entries take, by estimate. */
    long bytes() {
        return bytes;
    }

    void append(long atPs, long firedBefore, Command<?> command) {
        add(atPs, firedBefore, command);
        bytes += CommandWeight.bytes(command);
    }

    void append(long atPs, long firedBefore, What what) {
        if (what instanceof Applied applied) {
            append(atPs, firedBefore, applied.command());
        } else {
            add(atPs, firedBefore, what);
            bytes += CommandWeight.MARKER_BYTES;
        }
    }

    /** The entries so far. */
    List<JournalEntry> entries() {
        return new Entries(instants, fired, done, size);
    }

    private void add(long atPs, long firedBefore, Object what) {
        if (size == instants.length) {
            grow(Math.max(FIRST_CAPACITY, size * 2));
        }
        instants[size] = atPs;
        fired[size] = firedBefore;
        done[size++] = what;
    }

    private void grow(int capacity) {
        instants = Arrays.copyOf(instants, capacity);
        fired = Arrays.copyOf(fired, capacity);
        done = Arrays.copyOf(done, capacity);
    }

    /** The first {@code count} rows. */
    private static final class Entries extends AbstractList<JournalEntry> implements RandomAccess {
        private final long[] instants;
        private final long[] fired;
        private final @Nullable Object[] done;
        private final int count;

        Entries(long[] instants, long[] fired, @Nullable Object[] done, int count) {
            this.instants = instants;
            this.fired = fired;
            this.done = done;
            this.count = count;
        }

        @Override
        public int size() {
            return count;
        }

        @Override
        public JournalEntry get(int index) {
            if (index >= count) {
                throw new IndexOutOfBoundsException(index);
            }
            return new JournalEntry(index + 1, instants[index], fired[index], what(done[index]));
        }

        private static What what(@Nullable Object row) {
            return switch (row) {
                case Command<?> command -> new Applied(command);
                case What marker -> marker;
                case null, default -> throw new IllegalStateException("an empty row");
            };
        }
    }
}
