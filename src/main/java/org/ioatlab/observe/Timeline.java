package org.ioatlab.observe;

import java.util.Arrays;

/**
 * The latest spans of work, on one track a processor and one a device channel. Off until switched on; keeps the newest
 * {@link #CAPACITY_SPANS}.
 */
public final class Timeline {
    /** How many spans are kept. */
    public static final int CAPACITY_SPANS = 65_536;

    private static final int INITIAL_SPANS = 1024;

    /** Tracks from here on belong to device channels, those below to processors. */
    public static final int FIRST_DEVICE_TRACK = 1000;

    /** Reads one span. */
    public interface Reader {
        /** A span of work named {@code name} on {@code track}, from {@code startPs} to {@code endPs}. */
        void span(int track, String name, long startPs, long endPs);
    }

    private boolean enabled;
    private int[] tracks = {};
    private String[] names = {};
    private long[] starts = {};
    private long[] ends = {};
    private long written;

    /** Whether spans are kept. */
    public boolean isEnabled() {
        return enabled;
    }

    /** Switches keeping on or off; switching off forgets what was kept. */
    public void enable(boolean on) {
        enabled = on;
        if (!on) {
            tracks = new int[0];
            names = new String[0];
            starts = new long[0];
            ends = new long[0];
            written = 0;
        }
    }

    /** Keeps a span, dropping the oldest when full. */
    public void span(int track, String name, long startPs, long endPs) {
        if (!enabled) {
            return;
        }
        if (written == tracks.length && written < CAPACITY_SPANS) {
            grow();
        }
        int at = (int) (written++ % CAPACITY_SPANS);
        tracks[at] = track;
        names[at] = name;
        starts[at] = startPs;
        ends[at] = endPs;
    }

    /** Reads what is kept, oldest first. */
    public void forEach(Reader reader) {
        for (long i = Math.max(0, written - CAPACITY_SPANS); i < written; i++) {
            int at = (int) (i % CAPACITY_SPANS);
            reader.span(tracks[at], names[at], starts[at], ends[at]);
        }
    }

    private void grow() {
        int capacity = Math.min(CAPACITY_SPANS, Math.max(INITIAL_SPANS, tracks.length * 2));
        tracks = Arrays.copyOf(tracks, capacity);
        names = Arrays.copyOf(names, capacity);
        starts = Arrays.copyOf(starts, capacity);
        ends = Arrays.copyOf(ends, capacity);
    }
}
