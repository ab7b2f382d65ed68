package org.ioatlab.kernel.net.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.kernel.net.NicSettings;
import org.ioatlab.kernel.net.NicWorld;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Arp;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.Icmp;
import org.ioatlab.wire.Icmpv6;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.MacAddress;

/**
 * A machine with one port, 10.0.0.1 and fd00::1, and IP behind it. The other end of the wire is 10.0.0.2 and fd00::2 at {@link
 * FrameBuilder#SENDER}; what arrives there is noted.
 */
final class IpWorld {
    static final String MAC = "02:00:00:00:00:01";
    static final String PEER = "02:00:00:00:00:02";

    final NicWorld nic;
    final IpLayer ip;
    private final List<byte[]> frames = new ArrayList<>();

    /** A protocol of the test's own, which keeps the bytes that it gets. */
    static final class Collector implements TransportHandler {
        final List<byte[]> payloads = new ArrayList<>();
        final List<String> errors = new ArrayList<>();
        private final IpWorld world;

        Collector(IpWorld world) {
            this.world = world;
        }

        @Override
        public void receive(SocketBuffer packet, Processor on) {
            payloads.add(world.bytesOf(packet));
            world.nic.buffers.free(packet, on);
        }

        @Override
        public void error(IpError error, Processor on) {
            IpAddress remote = error.isIpv6()
                    ? IpAddress.ipv6(error.remoteHigh(), error.remoteLow())
                    : IpAddress.ipv4((int) error.remoteLow());
            errors.add(error.kind() + " " + remote + ":" + error.remotePort() + " from port " + error.localPort()
                    + (error.mtu() > 0 ? " mtu " + error.mtu() : "") + (error.isOfOwnHost() ? " (own)" : ""));
        }

        List<String> texts() {
            return payloads.stream().map(bytes -> bytes.length + " bytes").toList();
        }
    }

    /** Something done in process context. */
    interface Work {
        void on(Processor processor);
    }

    private static final class WorkTask extends Task {
        private final Work work;

        WorkTask(Work work, Processor processor) {
            super("test", processor);
            this.work = work;
        }

        @Override
        protected Next resume() {
            work.on(processor());
            return Next.EXIT;
        }
    }

    private IpWorld(NicWorld nic) {
        this.nic = nic;
        ip = new IpLayer(nic.buffers, nic.platform, nic.processors.timers());
        ip.attach(nic.device, nic.netif);
        nic.port
                .uplink()
                .connect((bytes, offset, length) -> frames.add(Arrays.copyOfRange(bytes, offset, offset + length)));
    }

    static IpWorld of(NicSettings settings) {
        return new IpWorld(NicWorld.of(settings)).open();
    }

    static IpWorld plain() {
        return of(NicSettings.DEFAULT);
    }

    static IpWorld split() {
        return of(NicSettings.DEFAULT.withSplitHeaders(true));
    }

    private IpWorld open() {
        nic.open();
        return this;
    }

    /** The peer's addresses are known, as after an exchange of ARP and neighbour discovery. */
    IpWorld acquainted() {
        run(on -> {
            learn("10.0.0.2", PEER, on);
            learn("fd00::2", PEER, on);
        });
        return this;
    }

    void learn(String address, String mac, Processor on) {
        IpAddress host = IpAddress.parse(address);
        long bits = MacAddress.parse(mac).bits();
        ip.neighbours().learn(!host.isIpv4(), host.high(), host.low(), 0, bits, on);
    }

    Collector collect(int protocol) {
        Collector collector = new Collector(this);
        ip.onProtocol(protocol, collector);
        return collector;
    }

    IpWorld receive(byte[]... arriving) {
        nic.send(arriving);
        aWhile();
        return this;
    }

    void run(Work work) {
        new WorkTask(work, nic.processors.get(0)).wake();
        aWhile();
    }

    /** Long enough for frames under way, and much less than any timer of IP. */
    private void aWhile() {
        nic.runFor(10 * Picoseconds.PER_MILLISECOND);
    }

    void runForSeconds(long seconds) {
        nic.runFor(seconds * Picoseconds.PER_SECOND);
    }

    byte[] bytesOf(SocketBuffer packet) {
        byte[] bytes = new byte[packet.length()];
        for (int at = 0; at < bytes.length; at += packet.runAt(at)) {
            nic.bytes.read(packet.addressAt(at), bytes, at, packet.runAt(at));
        }
        return bytes;
    }

    /** Closes the port; of all memory nothing may be in use then. */
    void assertNothingIsLeft() {
        nic.close();
        assertThat(nic.allocations()).isEqualTo("pages=0");
    }

    /** What has arrived at the other end since the last time. */
    List<byte[]> takeFrames() {
        List<byte[]> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    List<String> sent() {
        return takeFrames().stream().map(FrameText::of).toList();
    }

    long count(IpMib counter) {
        return ip.counters(false).get(counter);
    }

    long count6(IpMib counter) {
        return ip.counters(true).get(counter);
    }

    String digest() {
        StateHash hash = new StateHash();
        ip.hashInto(hash);
        hash.put(nic.digest());
        return hash.hex();
    }

    /** Sends {@code length} bytes of a protocol in one packet. */
    boolean send(String from, String to, int protocol, int length, boolean fragmentable) {
        IpAddress source = IpAddress.parse(from);
        IpAddress target = IpAddress.parse(to);
        boolean[] result = new boolean[1];
        run(on -> {
            IpFlow flow = new IpFlow();
            ip.output().route(flow, !target.isIpv4(), source.high(), source.low(), target.high(), target.low(), 0);
            SocketBuffer packet = ip.output().allocate(length, on);
            for (int i = 0; i < length; i++) {
                nic.bytes.write(packet.addressAt(i), new byte[] {(byte) i}, 0, 1);
            }
            result[0] = ip.output().send(packet, flow, protocol, fragmentable, on);
        });
        return result[0];
    }

    static byte[] arp(int operation, String sender, String target) {
        byte[] packet = new byte[Arp.LENGTH];
        int from = IpAddress.parse(sender).ipv4Bits();
        Arp.write(
                packet,
                0,
                operation,
                FrameBuilder.SENDER,
                from,
                0,
                IpAddress.parse(target).ipv4Bits());
        byte[] frame =
                FrameBuilder.ethernet().type(Ethernet.TYPE_ARP).payload(packet).build();
        if (operation == Arp.REQUEST) {
            Ethernet.setDestination(frame, 0, 0xffff_ffff_ffffL);
        }
        return frame;
    }

    /** An ICMP message of IPv4 with its checksum. */
    static byte[] icmp(int type, int code, int word, byte[] body) {
        byte[] message = new byte[Icmp.HEADER_LENGTH + body.length];
        message[0] = (byte) type;
        message[1] = (byte) code;
        BigEndian.put32(message, 4, word);
        System.arraycopy(body, 0, message, Icmp.HEADER_LENGTH, body.length);
        Icmp.writeChecksum(message, 0, message.length);
        return message;
    }

    static byte[] icmpv6(String from, String to, int type, int code, int word, byte[] body) {
        byte[] message = new byte[Icmpv6.HEADER_LENGTH + body.length];
        message[0] = (byte) type;
        message[1] = (byte) code;
        BigEndian.put32(message, 4, word);
        System.arraycopy(body, 0, message, Icmpv6.HEADER_LENGTH, body.length);
        int pseudo = InternetChecksum.pseudoHeader(
                IpAddress.parse(from), IpAddress.parse(to), IpProtocol.ICMPV6, message.length);
        Icmpv6.writeChecksum(message, 0, message.length, pseudo);
        return message;
    }

    /** An ICMP message from the peer. */
    static byte[] icmpFrame(int type, int code, int word, byte[] body) {
        return FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.1")
                .protocol(IpProtocol.ICMP)
                .payload(icmp(type, code, word, body))
                .build();
    }

    /** The same of IPv6. */
    static byte[] icmpv6Frame(int type, int code, int word, byte[] body) {
        return FrameBuilder.ethernet()
                .ipv6("fd00::2", "fd00::1")
                .protocol(IpProtocol.ICMPV6)
                .payload(icmpv6("fd00::2", "fd00::1", type, code, word, body))
                .build();
    }

    static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** A fragment of {@code data} as the peer sends it. */
    static byte[] fragment(byte[] data, int identification, int offset, int length, boolean more) {
        byte[] frame = FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.1")
                .ipv4Fragment(offset, more)
                .protocol(253)
                .payload(Arrays.copyOfRange(data, offset, offset + length))
                .build();
        Ipv4.setIdentification(frame, Ethernet.HEADER_LENGTH, identification);
        Ipv4.writeChecksum(frame, Ethernet.HEADER_LENGTH);
        return frame;
    }

    static byte[] fragment6(byte[] data, int identification, int offset, int length, boolean more) {
        byte[] frame = FrameBuilder.ethernet()
                .ipv6("fd00::2", "fd00::1")
                .ipv6Fragment(offset, more)
                .protocol(253)
                .payload(Arrays.copyOfRange(data, offset, offset + length))
                .build();
        BigEndian.put32(frame, Ethernet.HEADER_LENGTH + 44, identification);
        return frame;
    }
}
