package org.ioatlab.workload.traffic;

import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.wire.Path;
import org.jspecify.annotations.Nullable;

/** Something that remote hosts do to a machine, from its start to its end. */
public abstract class Traffic {
    /** The most flows of one machine's traffic at a time. */
    public static final int MOST_STREAMS = 10_000;

    /** An instant that hasn't come. */
    public static final long NEVER = -1;

    private static final int SCRATCH_BYTES = 16 << 10;

    private final TrafficSpec spec;
    private final Path path;
    private byte[] scratch = {};

    Traffic(TrafficSpec spec) {
        this.spec = spec;
        path = new Path(spec.impairments(), spec.seed());
    }

    /** What it was to be. */
    public final TrafficSpec spec() {
        return spec;
    }

    /** Begins now. */
    public abstract void start();

    /** Ends now: connections are reset, nothing more is sent. */
    public abstract void abort();

    /** Whether it has ended by itself, well or not. */
    public abstract boolean isDone();

    /** How many flows there are to be looked at. */
    public abstract int flows();

    /** One of them. */
    public abstract FlowFigures flow(int index);

    /** Where the machine can connect to, or null if nobody listens. */
    public @Nullable IpAddress address() {
        return null;
    }

    /** What the flow from a host's port sends, or null if there is no such flow. */
    public @Nullable StreamPattern patternFrom(IpAddress host, int port) {
        return null;
    }

    /** Figures of all flows together. */
    public final FlowFigures total() {
        FlowFigures sum = FlowFigures.NONE;
        for (int i = 0; i < flows(); i++) {
            sum = sum.plus(flow(i));
        }
        return sum;
    }

    /** The digest of what a flow has sent, or null if it isn't kept. */
    public abstract FlowDigests digests(int index);

    /** Feeds everything that decides how it goes on. */
    public void hashInto(StateHash hash) {
        hash.put("traffic");
        hash.put(spec.type().ordinal());
        path.hashInto(hash);
    }

    /** The way of its packets. */
    public final Path path() {
        return path;
    }

    /** Room for bytes that are made to be hashed. */
    public final byte[] scratch() {
        if (scratch.length == 0) {
            scratch = new byte[SCRATCH_BYTES];
        }
        return scratch;
    }
}
