package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.ioatlab.hardware.nic.FrameBatch;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.workload.host.RemoteHosts;
import org.ioatlab.workload.wire.Impairments;
import org.ioatlab.workload.wire.PacketLog;
import org.ioatlab.workload.wire.Path;
import org.ioatlab.workload.wire.Wire;
import org.jspecify.annotations.Nullable;

/** The other end of a machine's cables: a switch at each, with the remote hosts behind it. */
public final class WireFace {
    private final NicFace nics;
    private final EventLoop loop;
    private final PacketLog log = new PacketLog();
    private final List<Wire> wires = new ArrayList<>();
    private final List<RemoteHosts> hosts = new ArrayList<>();

    WireFace(NicFace nics, EventLoop loop, long seed) {
        this.nics = nics;
        this.loop = loop;
        for (NicPort port : nics.ports()) {
            Wire wire = port.plugInto(loop, log);
            wires.add(wire);
            hosts.add(new RemoteHosts(loop, wire, seed));
        }
    }

    Call<?> apply(WireCommand<?> command) {
        return switch (command) {
            case WireCommand.InjectPackets c -> Call.of(inject(c));
            case WireCommand.SetImpairments c -> Call.of(setImpairments(c));
        };
    }

    /** Packets that the machine has sent with sequence numbers above {@code after}, at most {@code most}. */
    public List<WireViews.Packet> packets(long after, int most) {
        return log.after(after, most).stream()
                .map(packet -> new WireViews.Packet(
                        packet.sequence(),
                        Picoseconds.toNanoseconds(packet.atPs()),
                        nics.ports().get(packet.port()).name(),
                        HexFormat.of().formatHex(packet.bytes())))
                .toList();
    }

    /** The switches at all ports. */
    public List<WireViews.Wire> wires() {
        return nics.ports().stream().map(port -> wire(port.name())).toList();
    }

    /** The switch at a port. */
    public WireViews.Wire wire(String nic) {
        int index = indexOf(nic);
        Wire wire = wires.get(index);
        Impairments i = wire.sendingPath().impairments();
        return new WireViews.Wire(
                nic,
                hosts.get(index).hosts().stream()
                        .map(host -> host.ipv4().toString())
                        .toList(),
                wire.waiting(),
                wire.lostToMachine(),
                wire.unresolved(),
                wire.lostFromMachine(),
                new WireViews.Impairments(
                        i.lossPpb(), i.duplicatePpb(), i.reorderPpb(), i.corruptPpb(), i.delayPs(), i.jitterPs()));
    }

    /** Everything that is behind a port. */
    RemoteHosts hosts(String nic) {
        return hosts.get(indexOf(nic));
    }

    /**
     * The switch at the first port.
     *
     * @throws Refusal if the machine has no port
     */
    Wire first() {
        if (wires.isEmpty()) {
            throw Refusal.unknown("nic", "eth0");
        }
        return wires.getFirst();
    }

    /**
     * Everything that is behind the first port.
     *
     * @throws Refusal if the machine has no port
     */
    RemoteHosts firstHosts() {
        first();
        return hosts.getFirst();
    }

    /** Everything that is behind all ports. */
    List<RemoteHosts> allHosts() {
        return hosts;
    }

    void hashInto(StateHash hash) {
        for (Wire wire : wires) {
            wire.hashInto(hash);
        }
        for (RemoteHosts network : hosts) {
            network.hashInto(hash);
        }
    }

    private int indexOf(String nic) {
        return nics.ports().indexOf(nics.find(nic));
    }

    private WireViews.Wire setImpairments(WireCommand.SetImpairments c) {
        Wire wire = wires.get(indexOf(c.nic()));
        try {
            Impairments impairments = new Impairments(
                    c.lossPpb(), c.duplicatePpb(), c.reorderPpb(), c.corruptPpb(), c.delayPs(), c.jitterPs());
            wire.setSendingPath(new Path(impairments, c.seed()));
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Kind.MALFORMED, "invalid-value", e.getMessage() + ".");
        }
        return wire(c.nic());
    }

    private NicViews.Injected inject(WireCommand.InjectPackets command) {
        NicPort port = command.nic().isEmpty() ? addressed(command) : nics.find(command.nic());
        Wire wire = wires.get(nics.ports().indexOf(port));
        FrameBatch batch = new FrameBatch();
        List<NicViews.Rejected> rejected = new ArrayList<>();
        int offset = 0;
        for (int i = 0; i < command.lengths().length; i++) {
            int length = command.lengths()[i];
            long atPs = Math.max(command.atPs()[i], loop.nowPs());
            String reason = unsendable(command.bytes(), offset, length, command.atPs()[i]);
            if (reason == null) {
                byte[] frame = frame(wire, command.bytes(), offset, length);
                batch.add(frame, 0, frame.length, atPs);
            } else {
                rejected.add(new NicViews.Rejected(i, reason));
            }
            offset += length;
        }
        nics.attach(port, batch);
        return new NicViews.Injected(batch.frames(), rejected);
    }

    private @Nullable String unsendable(byte[] bytes, int offset, int length, long atPs) {
        int version = length == 0 ? 0 : Ipv4.version(bytes, offset);
        boolean whole = version == Ipv4.VERSION
                ? length >= Ipv4.MIN_HEADER_LENGTH
                : version == Ipv6.VERSION && length >= Ipv6.HEADER_LENGTH;
        if (!whole) {
            return "not an IP packet";
        }
        if (length > NicFace.LONGEST_FRAME - Ethernet.HEADER_LENGTH) {
            return "longer than " + (NicFace.LONGEST_FRAME - Ethernet.HEADER_LENGTH) + " bytes";
        }
        if (atPs >= 0 && atPs < loop.nowPs()) {
            return "before the machine's present";
        }
        return atPs >= EventLoop.HORIZON_PS ? "later than the machine's clock goes" : null;
    }

    private static byte[] frame(Wire wire, byte[] bytes, int offset, int length) {
        byte[] frame = new byte[Ethernet.HEADER_LENGTH + length];
        boolean isIpv4 = Ipv4.version(bytes, offset) == Ipv4.VERSION;
        long source = isIpv4
                ? Wire.neighbourMac(Ipv4.source(bytes, offset))
                : Wire.neighbourMac(Ipv6.sourceHigh(bytes, offset), Ipv6.sourceLow(bytes, offset));
        int type = isIpv4 ? Ethernet.TYPE_IPV4 : Ethernet.TYPE_IPV6;
        Ethernet.writeHeader(frame, 0, wire.machine().mac(), source, type);
        System.arraycopy(bytes, offset, frame, Ethernet.HEADER_LENGTH, length);
        return frame;
    }

    /** The port that the first packet is addressed to, or else the first. */
    private NicPort addressed(WireCommand.InjectPackets command) {
        if (wires.isEmpty()) {
            throw Refusal.unknown("nic", "eth0");
        }
        byte[] bytes = command.bytes();
        for (int i = 0; i < wires.size(); i++) {
            if (isFor(wires.get(i), bytes)) {
                return nics.ports().get(i);
            }
        }
        return nics.ports().getFirst();
    }

    private static boolean isFor(Wire wire, byte[] bytes) {
        if (bytes.length < Ipv4.MIN_HEADER_LENGTH) {
            return false;
        }
        return switch (Ipv4.version(bytes, 0)) {
            case Ipv4.VERSION -> wire.machine().owns(Ipv4.destination(bytes, 0));
            case Ipv6.VERSION ->
                bytes.length >= Ipv6.HEADER_LENGTH
                        && wire.machine().owns(Ipv6.destinationHigh(bytes, 0), Ipv6.destinationLow(bytes, 0));
            default -> false;
        };
    }
}
