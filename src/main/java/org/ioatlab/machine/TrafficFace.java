package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Udp;
import org.ioatlab.wire.capture.CaptureFormatException;
import org.ioatlab.wire.capture.CaptureLimits;
import org.ioatlab.wire.capture.CaptureReader;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.host.RemoteHosts;
import org.ioatlab.workload.traffic.Conversation;
import org.ioatlab.workload.traffic.FlowDigests;
import org.ioatlab.workload.traffic.FlowFigures;
import org.ioatlab.workload.traffic.FlowState;
import org.ioatlab.workload.traffic.Replay;
import org.ioatlab.workload.traffic.Traffic;
import org.ioatlab.workload.traffic.TrafficSpec;
import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Traffics;
import org.ioatlab.workload.traffic.Verification;
import org.ioatlab.workload.wire.Impairments;
import org.jspecify.annotations.Nullable;

/** What remote hosts do to a machine. */
public final class TrafficFace {
    /** The most traffic that is remembered. */
    public static final int MOST_TRAFFIC = 1000;

    private static final int IPV4_UDP_HEADERS = Ipv4.MIN_HEADER_LENGTH + Udp.HEADER_LENGTH;
    private static final int IPV6_UDP_HEADERS = Ipv6.HEADER_LENGTH + Udp.HEADER_LENGTH;
    private static final int MOST_FRAMES = 1_000_000;
    private static final double KBPS_PER_MBPS = 1000;

    private final WireFace wire;
    private final EventLoop loop;
    private final Map<String, Running> traffic = new LinkedHashMap<>();
    private int started;
    private int replays;

    private record Running(String nic, Traffic traffic) {}

    TrafficFace(WireFace wire, EventLoop loop) {
        this.wire = wire;
        this.loop = loop;
    }

    Call<?> apply(TrafficCommand<?> command) {
        return switch (command) {
            case TrafficCommand.Start c -> Call.of(start(c));
            case TrafficCommand.Replay c -> Call.of(replay(c));
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

    /** What the flow from a host's port to the machine's {@code localPort} sends, or null if there is none. */
    @Nullable
    StreamPattern patternFrom(IpAddress host, int port, int localPort) {
        for (Running running : traffic.values()) {
            StreamPattern pattern =
                    running.traffic.spec().port() == localPort ? running.traffic.patternFrom(host, port) : null;
            if (pattern != null) {
                return pattern;
            }
        }
        return null;
    }

    void hashInto(StateHash hash) {
        hash.put(started);
        for (Running running : traffic.values()) {
            running.traffic.hashInto(hash);
        }
    }

    private TrafficViews.Traffic start(TrafficCommand.Start c) {
        TrafficSpec spec = spec(c);
        RemoteHosts hosts = wire.hosts(c.nic());
        requireRoom(spec.mostFlows());
        requireSense(spec, hosts);
        return begin(c.nic(), Traffics.create(spec, loop, hosts));
    }

    private TrafficViews.Traffic replay(TrafficCommand.Replay c) {
        RemoteHosts hosts = wire.hosts(c.nic());
        requireRoom(1);
        if (replays == Replay.MOST_REPLAYS) {
            throw new Refusal(
                    Refusal.Kind.LIMIT,
                    "too-much-traffic",
                    "A machine replays at most " + Replay.MOST_REPLAYS + " conversations.");
        }
        Conversation conversation =
                conversation(c.capture(), hosts.wire().machine().mtu());
        TrafficSpec spec = TrafficSpec.replay(
                conversation, c.port(), new Impairments(c.lossPpb(), 0, c.reorderPpb(), 0, 0, 0), c.seed());
        return begin(c.nic(), new Replay(spec, loop, hosts, conversation, replays++, c.captured()));
    }

    private static Conversation conversation(byte[] file, int mtu) {
        try {
            return Conversation.first(CaptureReader.read(file, new CaptureLimits(MOST_FRAMES, file.length)), mtu);
        } catch (CaptureFormatException e) {
            throw FrameUpload.refusal(e);
        } catch (Conversation.UnusableException e) {
            throw Refusal.meaningless("no-conversation", "The capture can't be replayed: " + e.getMessage() + ".");
        }
    }

    private TrafficViews.Traffic begin(String nic, Traffic made) {
        String id = "t" + ++started;
        traffic.put(id, new Running(nic, made));
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
            running += one.traffic.isDone() ? 0 : one.traffic.spec().mostFlows();
        }
        if (running > Traffic.MOST_STREAMS) {
            throw new Refusal(
                    Refusal.Kind.LIMIT,
                    "too-many-streams",
                    "A machine's traffic has at most " + Traffic.MOST_STREAMS + " streams at a time.");
        }
    }

    private static void requireSense(TrafficSpec spec, RemoteHosts hosts) {
        if (spec.type() == TrafficType.TCP_REPLAY) {
            throw Refusal.meaningless("no-capture", "A replay is started by sending a capture file as the body.");
        }
        int most = hosts.wire().machine().mtu() - (spec.ipv6() ? IPV6_UDP_HEADERS : IPV4_UDP_HEADERS);
        if (spec.type() == TrafficType.UDP_STREAM && spec.payloadBytes() > most) {
            throw Refusal.meaningless(
                    "datagram-too-long", "A datagram on this network carries at most " + most + " bytes.");
        }
        if (spec.type() == TrafficType.TCP_LISTEN) {
            requireListener(spec, hosts);
        }
    }

    private static void requireListener(TrafficSpec spec, RemoteHosts hosts) {
        if (spec.verification() == Verification.COMPARE) {
            throw new Refusal(
                            Refusal.Kind.MALFORMED,
                            "invalid-value",
                            "verify: a host that listens doesn't know what must come.")
                    .with("field", "verify");
        }
        if (!Traffics.isPortFree(spec, hosts)) {
            throw new Refusal(
                    Refusal.Kind.LIMIT,
                    "too-much-traffic",
                    "No host is left on which port " + spec.port() + " is free.");
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
                    persona(c.persona()),
                    c.verify());
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Kind.MALFORMED, "invalid-value", e.getMessage() + ".");
        }
    }

    private static Persona persona(KernelSpec.TcpPersona name) {
        Persona persona = Persona.named(name.label());
        if (persona == null) {
            throw new IllegalArgumentException("there is no TCP of " + name.label());
        }
        return persona;
    }

    private TrafficViews.Traffic view(String id, boolean withStreams) {
        Running running = find(id);
        Traffic all = running.traffic;
        FlowFigures total = all.total();
        IpAddress address = all.address();
        List<TrafficViews.Stream> streams = withStreams ? streams(all) : null;
        return new TrafficViews.Traffic(
                id,
                all.spec().type().name(),
                running.nic,
                address == null ? null : address.toString(),
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
                figures.remotePort(),
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
        return switch (errno) {
            case 0 -> null;
            case 32 -> "EPIPE";
            case 99 -> "EADDRNOTAVAIL";
            case 104 -> "ECONNRESET";
            case 110 -> "ETIMEDOUT";
            case 111 -> "ECONNREFUSED";
            case 113 -> "EHOSTUNREACH";
            default -> "errno " + errno;
        };
    }
}
