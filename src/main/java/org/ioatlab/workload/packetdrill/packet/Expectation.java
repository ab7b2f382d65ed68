package org.ioatlab.workload.packetdrill.packet;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.wire.Tcp;
import org.ioatlab.workload.packetdrill.packet.Conversation.Stage;
import org.ioatlab.workload.packetdrill.script.PacketSpec;
import org.ioatlab.workload.packetdrill.script.TcpOption;
import org.ioatlab.workload.packetdrill.script.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A packet that a script expects, and what has come for it. Segments that follow each other make one where the script expects a larger
 * one: where they are cut, in TCP or in the network card, is not the script's business.
 */
public final class Expectation {
    private final PacketSpec expected;
    private final Conversation conversation;
    private final PacketReader reader;
    private final PacketDifference difference;
    private final boolean joining;
    private final List<SentPacket> pieces = new ArrayList<>();
    private int payload;
    private boolean apart;

    /**
     * An expectation.
     *
     * @param joining whether segments make one
     * @param tickMicros how long a tick of the machine's timestamps is; 0 to leave them unchecked
     * @param toleranceMicros how far a timestamp may be off
     */
    public Expectation(
            PacketSpec expected, Conversation conversation, boolean joining, long tickMicros, long toleranceMicros) {
        this.expected = expected;
        this.conversation = conversation;
        this.joining = joining;
        this.reader = new PacketReader(conversation);
        this.difference = new PacketDifference(conversation, tickMicros, toleranceMicros);
    }

    /** The packet as the script writes it. */
    public PacketSpec expected() {
        return expected;
    }

    /** Whether a packet is from the socket that this is expected of. */
    public boolean concerns(LivePacket packet) {
        return expected.transport() instanceof Transport.Icmp
                ? packet.isIcmp() && packet.destination().equals(conversation.remote())
                : conversation.isFrom(packet);
    }

    /** A packet has come. */
    public void take(SentPacket sent) {
        LivePacket packet = sent.packet();
        if (!pieces.isEmpty() && !follows(packet)) {
            apart = true;
            return;
        }
        if (packet.isTcp()) {
            learn(packet);
        }
        pieces.add(sent);
        payload += packet.payloadLength();
    }

    /** Whether nothing more can belong to it. */
    public boolean isComplete() {
        if (pieces.isEmpty()) {
            return false;
        }
        LivePacket first = pieces.getFirst().packet();
        boolean mayGrow = joining && first.isTcp() && first.payloadLength() > 0 && payload < expectedPayload();
        return apart || !mayGrow || differsAlready();
    }

    /** Whether the last packet that was offered doesn't continue those before: it is for somebody else. */
    public boolean isApart() {
        return apart;
    }

    /** Whether a packet has come. */
    public boolean hasBegun() {
        return !pieces.isEmpty();
    }

    /** When the first packet for it came. */
    public long atNs() {
        return pieces.getFirst().atNs();
    }

    /** What came, as the script would write it. */
    public PacketSpec actual() {
        PacketSpec first = reader.read(pieces.getFirst().packet(), expected);
        if (pieces.size() == 1 || !(first.transport() instanceof Transport.Tcp segment)) {
            return first;
        }
        int last = pieces.getLast().packet().flags() & (Tcp.FIN | Tcp.PSH);
        Transport.SequenceRange range = segment.sequence();
        Transport.Tcp joined = new Transport.Tcp(
                segment.flags() | last,
                new Transport.SequenceRange(range.mode(), range.start(), payload),
                segment.acknowledgment(),
                segment.window(),
                segment.urgent(),
                segment.options());
        return new PacketSpec(first.direction(), first.ip(), first.ports(), joined);
    }

    /** In what it differs from what was expected, or nothing. */
    public @Nullable String difference() {
        List<String> differences = difference.between(expected, actual());
        for (SentPacket piece : pieces) {
            if (piece.packet().isBroken()) {
                differences.add("checksum");
                break;
            }
        }
        return differences.isEmpty() ? null : String.join(", ", differences);
    }

    /** Whether all payload is of zeros, as what scripts write is. */
    public boolean payloadIsZero() {
        for (SentPacket piece : pieces) {
            if (!piece.packet().payloadIsZero()) {
                return false;
            }
        }
        return true;
    }

    private int expectedPayload() {
        return expected.transport() instanceof Transport.Tcp segment
                ? segment.sequence().length()
                : 0;
    }

    /** A segment that begins elsewhere won't become the expected one, however much follows. */
    private boolean differsAlready() {
        return expected.transport() instanceof Transport.Tcp wanted
                && actual().transport() instanceof Transport.Tcp came
                && wanted.sequence().mode() != Transport.SequenceRange.Mode.ANY
                && (wanted.sequence().start() != came.sequence().start()
                        || ((wanted.flags() ^ came.flags()) & ~(Tcp.FIN | Tcp.PSH)) != 0);
    }

    private boolean follows(LivePacket packet) {
        LivePacket last = pieces.getLast().packet();
        return packet.isTcp()
                && packet.payloadLength() > 0
                && packet.sequence() == last.sequence() + last.payloadLength()
                && packet.acknowledgment() == last.acknowledgment()
                && ((packet.flags() ^ last.flags()) & ~(Tcp.FIN | Tcp.PSH)) == 0;
    }

    /** The first packets of a connection tell where the machine's numbers begin. */
    private void learn(LivePacket packet) {
        int scriptStart = expected.transport() instanceof Transport.Tcp wanted
                ? (int) wanted.sequence().start()
                : 0;
        if (packet.has(Tcp.SYN)) {
            if (conversation.stage() == Stage.PACKET_RECEIVED && packet.has(Tcp.ACK)) {
                conversation.localBeginsAt(packet.sequence(), scriptStart);
                conversation.reach(Stage.SYNACK_SENT);
            } else if (conversation.stage() == Stage.SYN_SENT && conversation.lastSent() == null) {
                conversation.localBeginsAt(packet.sequence(), scriptStart);
                conversation.bindTo(packet.sourcePort());
            }
        }
        conversation.sent(packet);
        learnTimestamp(packet);
    }

    private void learnTimestamp(LivePacket packet) {
        TcpOption.Timestamps script = timestamps(expected);
        if (script == null || script.anyValue()) {
            return;
        }
        for (TcpOption option : new OptionCodec(conversation, false, true, false).read(packet)) {
            if (option instanceof TcpOption.Timestamps live) {
                conversation.learnTimestamp(script.value(), live.value());
            }
        }
    }

    private static TcpOption.@Nullable Timestamps timestamps(PacketSpec packet) {
        if (packet.transport() instanceof Transport.Tcp segment) {
            for (TcpOption option : segment.options().list()) {
                if (option instanceof TcpOption.Timestamps timestamps) {
                    return timestamps;
                }
            }
        }
        return null;
    }
}
