package org.ioatlab.workload.packetdrill.packet;

import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * One socket under test: the ends of its packets, and how a script's sequence numbers and timestamps relate to those on the wire. In
 * packets with SYN a script's numbers are absolute, in all others they count from the initial ones.
 */
public final class Conversation {
    /** How far a socket has come, as far as the packets of the script tell. */
    public enum Stage {
        /** It was made, or made by a first packet of no socket's. */
        NEW,
        LISTENING,
        /** A first packet was injected towards a listener. */
        PACKET_RECEIVED,
        SYNACK_SENT,
        SYNACK_ACKED,
        CONNECTING,
        SYN_SENT,
        SYN_ACKED
    }

    /** What the socket carries. */
    public enum Protocol {
        TCP,
        UDP,
        ICMP
    }

    private final Protocol protocol;
    private final IpAddress local;
    private final IpAddress remote;
    private int localPort;
    private int remotePort;
    private Stage stage;
    private int liveFd = -1;

    private int localIsn;
    private int scriptLocalIsn;
    private int remoteIsn;

    /** What the machine sent for each timestamp of the script, by the script's. */
    private final Map<Long, Long> timestamps = new TreeMap<>();

    private boolean timestampKnown;
    private long firstScriptTimestamp;
    private long firstLiveTimestamp;
    private int scriptFlowLabel;
    private int liveFlowLabel;

    /** The last segment that was injected, for a reset that is believed. */
    private @Nullable LivePacket lastInjected;

    private @Nullable LivePacket lastSent;

    /** A socket with its ends; a port of 0 isn't known yet. */
    public Conversation(
            Protocol protocol, Stage stage, IpAddress local, int localPort, IpAddress remote, int remotePort) {
        this.protocol = protocol;
        this.stage = stage;
        this.local = local;
        this.localPort = localPort;
        this.remote = remote;
        this.remotePort = remotePort;
    }

    /** What it carries. */
    public Protocol protocol() {
        return protocol;
    }

    /** How far it has come. */
    public Stage stage() {
        return stage;
    }

    /** The script or a packet says that it has come further. */
    public void reach(Stage next) {
        stage = next;
    }

    /** The machine's descriptor of the socket, -1 while it has none. */
    public int liveFd() {
        return liveFd;
    }

    /** The machine has given the socket a descriptor. */
    public void openedAs(int fd) {
        liveFd = fd;
    }

    IpAddress local() {
        return local;
    }

    IpAddress remote() {
        return remote;
    }

    int localPort() {
        return localPort;
    }

    int remotePort() {
        return remotePort;
    }

    /** The machine's end is bound to that port. */
    public void bindTo(int port) {
        localPort = port;
    }

    /** The other end has that port. */
    public void aimAt(int port) {
        remotePort = port;
    }

    void remoteBeginsAt(int isn) {
        remoteIsn = isn;
    }

    void localBeginsAt(int live, int script) {
        localIsn = live;
        scriptLocalIsn = script;
    }

    /** What is added to the remote end's numbers in a script for those on the wire. */
    int remoteOffset(boolean syn) {
        return syn ? 0 : remoteIsn;
    }

    /** What is added to the machine's numbers in a script for those on the wire. */
    int localOffset(boolean syn) {
        return syn ? localIsn - scriptLocalIsn : localIsn;
    }

    /** The machine sent {@code live} where the script says {@code script}. */
    void learnTimestamp(long script, long live) {
        timestamps.put(script, live);
        if (!timestampKnown) {
            timestampKnown = true;
            firstScriptTimestamp = script;
            firstLiveTimestamp = live;
        }
    }

    /** The machine's timestamp as the script counts: from the first that both know. */
    long scriptTimestamp(long live) {
        return timestampKnown ? firstScriptTimestamp + live - firstLiveTimestamp & 0xffff_ffffL : live;
    }

    /** What the machine sent where the script says {@code script}, or -1. */
    long liveTimestamp(long script, boolean interpolate) {
        Long exact = timestamps.get(script);
        if (exact != null) {
            return exact;
        }
        return interpolate && timestampKnown ? script - firstScriptTimestamp + firstLiveTimestamp & 0xffff_ffffL : -1;
    }

    /** Whether a flow label fits those before: equal where the script's are equal, different where they differ. */
    boolean flowLabelFits(int script, int live) {
        boolean sameScript = script == scriptFlowLabel;
        boolean sameLive = live == liveFlowLabel;
        boolean fits = live != 0 && (scriptFlowLabel == 0 || sameScript == sameLive);
        if (fits) {
            scriptFlowLabel = script;
            liveFlowLabel = live;
        }
        return fits;
    }

    void injected(LivePacket segment) {
        lastInjected = segment;
    }

    void sent(LivePacket segment) {
        lastSent = segment;
    }

    /** Whether a segment has gone either way. */
    public boolean hasSegments() {
        return lastInjected != null || (lastSent != null && lastSent.isTcp());
    }

    @Nullable
    LivePacket lastInjected() {
        return lastInjected;
    }

    @Nullable
    LivePacket lastSent() {
        return lastSent;
    }

    /** Whether the machine sent {@code packet} from this socket. */
    public boolean isFrom(LivePacket packet) {
        if (!packet.source().equals(local) || !packet.destination().equals(remote)) {
            return false;
        }
        boolean connects = (stage == Stage.SYN_SENT || stage == Stage.CONNECTING) && lastSent == null;
        return switch (protocol) {
            case TCP ->
                packet.isTcp()
                        && packet.destinationPort() == remotePort
                        && (packet.sourcePort() == localPort || connects);
            case UDP ->
                packet.isUdp()
                        && packet.destinationPort() == remotePort
                        && (packet.sourcePort() == localPort || localPort == 0 || connects);
            case ICMP -> packet.isIcmp();
        };
    }
}
