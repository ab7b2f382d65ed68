package org.ioatlab.workload.packetdrill.packet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.Tcp;
import org.ioatlab.workload.packetdrill.packet.Conversation.Protocol;
import org.ioatlab.workload.packetdrill.packet.Conversation.Stage;
import org.ioatlab.workload.packetdrill.script.PacketSpec;
import org.ioatlab.workload.packetdrill.script.PacketSpec.Direction;
import org.ioatlab.workload.packetdrill.script.ScriptOptions;
import org.ioatlab.workload.packetdrill.script.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that a script tests. Packets belong to the one under test: the last that was made by a call or by a first packet. Packets
 * that name their ports belong to those ports' own.
 */
public final class Conversations {
    private final IpAddress local;
    private final IpAddress remote;
    private final ScriptOptions options;
    private final List<Conversation> all = new ArrayList<>();
    private final Map<Long, Conversation> byPorts = new TreeMap<>();
    private @Nullable Conversation underTest;
    private int nextRemotePort;

    /**
     * No sockets yet.
     *
     * @param firstRemotePort the other end's port in the first connection that is made from there
     */
    public Conversations(IpAddress local, IpAddress remote, ScriptOptions options, int firstRemotePort) {
        this.local = local;
        this.remote = remote;
        this.options = options;
        this.nextRemotePort = firstRemotePort;
    }

    /** The socket that packets belong to, if there is one. */
    public @Nullable Conversation underTest() {
        return underTest;
    }

    /** All of them in the order in which they were made. */
    public List<Conversation> all() {
        return List.copyOf(all);
    }

    /** A call has made a socket. */
    public Conversation opened(Protocol protocol, int liveFd) {
        Conversation conversation = new Conversation(protocol, Stage.NEW, local, 0, remote, 0);
        conversation.openedAs(liveFd);
        return add(conversation);
    }

    /** The socket with that descriptor, if there is one. */
    public @Nullable Conversation withFd(int liveFd) {
        for (int i = all.size() - 1; i >= 0; i--) {
            // Descriptors are used again: the last owner counts.
            if (all.get(i).liveFd() == liveFd) {
                return all.get(i);
            }
        }
        return null;
    }

    /**
     * A call has taken a connection: the first whose handshake was seen and that nobody took.
     *
     * @return whether there is one
     */
    public boolean accepted(int liveFd) {
        for (Conversation conversation : all) {
            boolean waits = conversation.stage() == Stage.SYNACK_SENT || conversation.stage() == Stage.SYNACK_ACKED;
            if (waits && conversation.liveFd() < 0) {
                conversation.openedAs(liveFd);
                return true;
            }
        }
        return false;
    }

    /** Whose a packet of the script is; a first packet towards a listener makes a new one. */
    public Conversation of(PacketSpec packet) {
        Conversation found = packet.ports() == null ? plain(packet) : withPorts(packet);
        advance(found, packet);
        return found;
    }

    private Conversation plain(PacketSpec packet) {
        Conversation current = underTest;
        boolean inbound = packet.direction() == Direction.INBOUND;
        boolean first = current == null || current.stage() == Stage.LISTENING;
        if (packet.transport() instanceof Transport.Tcp segment && inbound && first) {
            int port = current == null || current.localPort() == 0 ? options.bindPort() : current.localPort();
            current = add(child(segment, nextRemotePort++, port));
        }
        if (current == null) {
            Protocol protocol = packet.transport() instanceof Transport.Udp ? Protocol.UDP : Protocol.ICMP;
            current = add(new Conversation(protocol, Stage.NEW, local, 0, remote, 0));
        }
        if (current.localPort() == 0 && inbound) {
            current.bindTo(options.bindPort());
        }
        if (current.remotePort() == 0) {
            current.aimAt(options.connectPort());
        }
        return current;
    }

    private Conversation child(Transport.Tcp segment, int remotePort, int localPort) {
        Conversation child =
                new Conversation(Protocol.TCP, Stage.PACKET_RECEIVED, local, localPort, remote, remotePort);
        child.remoteBeginsAt((int) segment.sequence().start());
        return child;
    }

    private Conversation withPorts(PacketSpec packet) {
        PacketSpec.Ports ports = packet.ports();
        if (ports == null) {
            throw new IllegalArgumentException("a packet without ports");
        }
        boolean inbound = packet.direction() == Direction.INBOUND;
        int remotePort = inbound ? ports.source() : ports.destination();
        int localPort = inbound ? ports.destination() : ports.source();
        long key = (long) remotePort << 16 | localPort;
        Conversation known = byPorts.get(key);
        if (known == null) {
            known = packet.transport() instanceof Transport.Tcp segment
                    ? child(segment, remotePort, localPort)
                    : new Conversation(Protocol.UDP, Stage.NEW, local, localPort, remote, remotePort);
            byPorts.put(key, known);
            all.add(known);
        }
        return known;
    }

    private static void advance(Conversation conversation, PacketSpec packet) {
        if (!(packet.transport() instanceof Transport.Tcp segment)) {
            return;
        }
        if (packet.direction() == Direction.OUTBOUND) {
            boolean syn = segment.has(Tcp.SYN) && !segment.has(Tcp.ACK);
            if (syn && conversation.stage() == Stage.CONNECTING) {
                conversation.reach(Stage.SYN_SENT);
            }
        } else if (conversation.stage() == Stage.SYNACK_SENT && segment.has(Tcp.ACK)) {
            conversation.reach(Stage.SYNACK_ACKED);
        } else if (conversation.stage() == Stage.SYN_SENT && segment.has(Tcp.SYN)) {
            conversation.remoteBeginsAt((int) segment.sequence().start());
            if (segment.has(Tcp.ACK)) {
                conversation.reach(Stage.SYN_ACKED);
            }
        }
    }

    private Conversation add(Conversation conversation) {
        all.add(conversation);
        underTest = conversation;
        return conversation;
    }
}
