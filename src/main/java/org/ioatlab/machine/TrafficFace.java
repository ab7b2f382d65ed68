package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.workload.traffic.FlowDigests;
import org.ioatlab.workload.traffic.FlowFigures;
import org.ioatlab.workload.traffic.FlowState;
import org.ioatlab.workload.traffic.Traffic;
import org.ioatlab.workload.traffic.TrafficSpec;
import org.ioatlab.workload.traffic.Traffics;
import org.ioatlab.workload.wire.Impairments;
import org.jspecify.annotations.Nullable;

/** What remote hosts do to a machine. */
public final class TrafficFace {
    /** The most traffic that is remembered. */
    public static final int MOST_TRAFFIC = 1000;

    private static final double KBPS_PER_MBPS = 1000;
    private static final Map<Integer, String> ERRORS = Map.of(
            32,
            "EPIPE",
            99,
            "EADDRNOTAVAIL",
            104,
            "ECONNRESET",
            110,
            "ETIMEDOUT",
            111,
            "ECONNREFUSED",
            113,
            "EHOSTUNREACH");

    private final WireFace wire;
    private final EventLoop loop;
    private final Map<String, Running> traffic = new LinkedHashMap<>();
    private int started;

    private record Running(String nic, Traffic traffic) {}

    TrafficFace(WireFace wire, EventLoop loop) {
        this.wire = wire;
        this.loop = loop;
    }

    Call<?> apply(TrafficCommand<?> command) {
        return switch (command) {
            case TrafficCommand.Start c -> Call.of(start(c));
            case TrafficCommand.Stop c -> Call.of(stop(c));
        };
    }

    /** All traffic, without its flows. */
    public List<TrafficViews.Traffic> list() {
        return traffic.keySet().stream().map(id -> view(id, false)).toList();
    }

    /** Some traffic with its flows. */
    public TrafficViews.Traffic traffic(String id) {
        return view(id, true);
    }

    void hashInto(StateHash hash) {
        hash.put(started);
        for (Running running : traffic.values()) {
            running.traffic.hashInto(hash);
        }
    }

    private TrafficViews.Traffic start(TrafficCommand.Start c) {
        requireRoom(c.streams());
        Traffic made = Traffics.create(spec(c), loop, wire.hosts(c.nic()));
        String id = "t" + ++started;
        traffic.put(id, new Running(c.nic(), made));
        made.start();
        return view(id, true);
    }

    private Done stop(TrafficCommand.Stop c) {
        find(c.traffic()).traffic.abort();
        traffic.remove(c.traffic());
        return Machine.done(loop);
    }

    private Running find(String id) {
        Running running = traffic.get(id);
        if (running == null) {
            throw Refusal.unknown("traffic", id);
        }
        return running;
    }

    private void requireRoom(int streams) {
        if (traffic.size() >= MOST_TRAFFIC) {
            throw new Refusal(
                    Refusal.Kind.LIMIT,
                    "too-much-traffic",
                    "A machine remembers at most " + MOST_TRAFFIC + " traffic.");
        }
        long running = streams;
        for (Running one : traffic.values()) {
            running += one.traffic.isDone() ? 0 : one.traffic.spec().streams();
        }
        if (running > Traffic.MOST_STREAMS) {
            throw new Refusal(
                    Refusal.Kind.LIMIT,
                    "too-many-streams",
                    "A machine's traffic has at most " + Traffic.MOST_STREAMS + " streams at a time.");
        }
    }

    private static TrafficSpec spec(TrafficCommand.Start c) {
        try {
            return new TrafficSpec(
                    c.type(),
                    c.streams(),
                    c.bytes(),
                    c.durationPs(),
                    c.payloadBytes(),
                    c.rateMbps(),
                    c.port(),
                    c.ipv6(),
                    c.window(),
                    c.writeBytes(),
                    c.requestBytes(),
                    c.responseBytes(),
                    c.connections(),
                    new Impairments(
                            c.lossPpb(), c.duplicatePpb(), c.reorderPpb(), c.corruptPpb(), c.delayPs(), c.jitterPs()),
                    c.seed(),
                    c.verify());
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Kind.MALFORMED, "invalid-value", e.getMessage() + ".");
        }
    }

    private TrafficViews.Traffic view(String id, boolean withStreams) {
        Running running = find(id);
        Traffic all = running.traffic;
        FlowFigures total = all.total();
        List<TrafficViews.Stream> streams = withStreams ? streams(all) : null;
        return new TrafficViews.Traffic(
                id,
                all.spec().type().name(),
                running.nic,
                all.spec().port(),
                all.isDone() ? "DONE" : "RUNNING",
                total.sentBytes(),
                total.acknowledgedBytes(),
                total.receivedBytes(),
                total.retransmittedSegments(),
                total.exchanges(),
                total.goodputKbps() / KBPS_PER_MBPS,
                streams != null && streams.size() == 1 ? streams.getFirst().sha256() : null,
                failed(all),
                streams);
    }

    private static int failed(Traffic all) {
        int failed = 0;
        for (int i = 0; i < all.flows(); i++) {
            failed += all.flow(i).state() == FlowState.FAILED ? 1 : 0;
        }
        return failed;
    }

    private static List<TrafficViews.Stream> streams(Traffic all) {
        List<TrafficViews.Stream> views = new ArrayList<>();
        for (int i = 0; i < all.flows(); i++) {
            views.add(view(i, all.flow(i), all.digests(i)));
        }
        return views;
    }

    private static TrafficViews.Stream view(int index, FlowFigures figures, FlowDigests digests) {
        return new TrafficViews.Stream(
                index,
                figures.state().name(),
                figures.localPort(),
                figures.sentBytes(),
                figures.acknowledgedBytes(),
                figures.receivedBytes(),
                figures.retransmittedSegments(),
                figures.exchanges(),
                figures.goodputKbps() / KBPS_PER_MBPS,
                digests.sent(),
                digests.received(),
                figures.mismatchAt() < 0 ? null : figures.mismatchAt(),
                error(figures.error()));
    }

    private static @Nullable String error(int errno) {
        return errno == 0 ? null : ERRORS.getOrDefault(errno, "errno " + errno);
    }
}
