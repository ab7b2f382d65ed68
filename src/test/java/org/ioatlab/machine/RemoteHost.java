package org.ioatlab.machine;

import org.ioatlab.kernel.net.tcp.Endpoint;
import org.ioatlab.kernel.net.tcp.ListenerUser;
import org.ioatlab.kernel.net.tcp.OutgoingSegment;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpCosts;
import org.ioatlab.kernel.net.tcp.TcpHost;
import org.ioatlab.kernel.net.tcp.TcpLayer;
import org.ioatlab.kernel.net.tcp.TcpListener;
import org.ioatlab.kernel.net.tcp.TcpOptionsWanted;
import org.ioatlab.kernel.net.tcp.TcpState;
import org.ioatlab.kernel.net.tcp.TcpUser;
import org.ioatlab.kernel.sched.DirectTimers;
import org.ioatlab.kernel.sched.TimerService;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.wire.Arp;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.Udp;
import org.ioatlab.workload.StreamPattern;

/** A host at the other end of eth0's wire: answers ARP, speaks TCP at no cost, sends streams of a known pattern and checks those it gets. */
final class RemoteHost implements TcpHost, Work {
    static final int ADDRESS = 0x0a000002;
    private static final int MACHINE = 0x0a000001;
    private static final long MAC = 0x02aaaaaaaa01L;
    private static final long MACHINE_MAC = 0x020000000001L;
    private static final int LINK = Ethernet.HEADER_LENGTH;
    private static final int TRANSPORT = LINK + Ipv4.MIN_HEADER_LENGTH;

    final Machine machine;
    final TcpLayer tcp;
    final SeededRandom random;
    int lossPerMille;
    boolean breaksChecksums;
    long frames;
    private final EventLoop loop;
    private final DirectTimers timers;

    /** A segment that owns its bytes. */
    private static final class Packet extends Segment {
        byte[] bytes = {};

        @Override
        public int truesize() {
            return payloadLength() + 256;
        }
    }

    RemoteHost(Machine machine, long seed) {
        this.machine = machine;
        random = new SeededRandom(seed);
        loop = machine.sockets().processors.loop();
        timers = new DirectTimers(loop);
        tcp = new TcpLayer(this, Persona.LINUX_2_6_12, TcpCosts.FREE);
        machine.nics().find("eth0").driver().port().uplink().connect(this::arrive);
    }

    /** Opens a connection to a port of the machine. */
    Stream connect(int port, StreamPattern pattern, long toSend) {
        Stream stream = new Stream(pattern, toSend);
        tcp.connect(IpAddress.ipv4(ADDRESS), 0, IpAddress.ipv4(MACHINE), port, TcpOptionsWanted.DEFAULT, stream, this);
        return stream;
    }

    /** Takes connections on a port; each sends nothing and checks what it gets. */
    Listening listen(int port, StreamPattern pattern) {
        Listening listening = new Listening(pattern);
        tcp.listen(port, 16, listening);
        return listening;
    }

    /** Who takes the machine's connections. */
    final class Listening implements ListenerUser {
        private final StreamPattern pattern;
        Stream last;

        Listening(StreamPattern pattern) {
            this.pattern = pattern;
        }

        @Override
        public TcpUser opened(TcpConnection connection, Work on) {
            last = new Stream(pattern, 0);
            return last;
        }

        @Override
        public void acceptable(TcpListener listener, Work on) {
            listener.accept();
        }
    }

    /** One connection's streams. */
    final class Stream implements TcpUser {
        final StreamPattern pattern;
        final long toSend;
        long wrote;
        long read;
        boolean ended;
        boolean keepsOpen;
        int error;
        TcpConnection connection;

        Stream(StreamPattern pattern, long toSend) {
            this.pattern = pattern;
            this.toSend = toSend;
        }

        private void pump(TcpConnection c) {
            connection = c;
            while (c.state() == TcpState.ESTABLISHED && wrote < toSend && c.unacknowledged() < 200_000) {
                long chunk = Math.min(toSend - wrote, 16_384);
                wrote += chunk;
                c.written(chunk, false, RemoteHost.this);
            }
            if (toSend > 0 && wrote == toSend && !keepsOpen && c.state() == TcpState.ESTABLISHED) {
                c.shutdownSend(RemoteHost.this);
            }
        }

        @Override
        public void readable(TcpConnection c, Work on) {
            int bytes = 0;
            for (Segment s = c.firstReadable(); s != null; s = c.firstReadable()) {
                int length = s.payloadLength() - s.skipped();
                if (!pattern.matches(read, ((Packet) s).bytes, s.headerLength() + s.skipped(), length)) {
                    throw new AssertionError("bytes from " + read + " on are wrong");
                }
                read += length;
                bytes += length;
                c.consume(length, on);
            }
            c.afterRead(bytes, on);
        }

        @Override
        public void acknowledged(TcpConnection c, long offset, Work on) {
            pump(c);
        }

        @Override
        public void changed(TcpConnection c, Work on) {
            error = c.error();
            pump(c);
            if (c.isReceiveShut() && !ended) {
                ended = true;
                c.shutdownSend(on);
            }
        }
    }

    /** A datagram for a port of the machine. */
    void sendDatagram(int fromPort, int toPort, byte[] payload) {
        byte[] frame = new byte[TRANSPORT + Udp.HEADER_LENGTH + payload.length];
        int length = Udp.HEADER_LENGTH + payload.length;
        frame[TRANSPORT] = (byte) (fromPort >> 8);
        frame[TRANSPORT + 1] = (byte) fromPort;
        frame[TRANSPORT + 2] = (byte) (toPort >> 8);
        frame[TRANSPORT + 3] = (byte) toPort;
        frame[TRANSPORT + 4] = (byte) (length >> 8);
        frame[TRANSPORT + 5] = (byte) length;
        System.arraycopy(payload, 0, frame, TRANSPORT + Udp.HEADER_LENGTH, payload.length);
        writeIp(frame, IpProtocol.UDP);
        int pseudo = InternetChecksum.pseudoHeaderIpv4(frame, LINK, IpProtocol.UDP, length);
        int sum = InternetChecksum.finish(InternetChecksum.add(pseudo, InternetChecksum.sum(frame, TRANSPORT, length)));
        frame[TRANSPORT + 6] = (byte) (sum >> 8);
        frame[TRANSPORT + 7] = (byte) sum;
        inject(frame);
    }

    private void arrive(byte[] bytes, int offset, int length) {
        byte[] frame = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
        if (Ethernet.type(frame, 0) == Ethernet.TYPE_ARP) {
            answerArp(frame);
        } else if (Ethernet.type(frame, 0) == Ethernet.TYPE_IPV4
                && Ipv4.protocol(frame, LINK) == IpProtocol.TCP
                && random.nextInt(1000) >= lossPerMille) {
            take(frame);
        }
    }

    private void answerArp(byte[] question) {
        if (Arp.operation(question, LINK) != Arp.REQUEST || Arp.targetIpv4(question, LINK) != ADDRESS) {
            return;
        }
        byte[] answer = new byte[Ethernet.MIN_FRAME_LENGTH];
        Ethernet.writeHeader(answer, 0, MACHINE_MAC, MAC, Ethernet.TYPE_ARP);
        Arp.write(answer, LINK, Arp.REPLY, MAC, ADDRESS, MACHINE_MAC, MACHINE);
        inject(answer);
    }

    private void take(byte[] frame) {
        int length = Ipv4.totalLength(frame, LINK) - Ipv4.MIN_HEADER_LENGTH;
        int pseudo = InternetChecksum.pseudoHeaderIpv4(frame, LINK, IpProtocol.TCP, length);
        if (InternetChecksum.add(pseudo, InternetChecksum.sum(frame, TRANSPORT, length)) != 0xffff) {
            throw new AssertionError("the machine sent a wrong checksum");
        }
        Packet packet = new Packet();
        packet.bytes = java.util.Arrays.copyOfRange(frame, TRANSPORT, TRANSPORT + length);
        packet.setAddresses(true, 0, MACHINE, 0, ADDRESS);
        packet.decode(packet.bytes, 0, length, length);
        tcp.receive(packet, this);
    }

    @Override
    public boolean output(OutgoingSegment segment, Work on) {
        int header = segment.headerLength();
        byte[] frame = new byte[TRANSPORT + header + segment.payloadLength()];
        segment.writeHeader(frame, TRANSPORT);
        if (segment.payloadLength() > 0 && segment.connection().user() instanceof Stream stream) {
            stream.pattern.fill(segment.payloadOffset(), frame, TRANSPORT + header, segment.payloadLength());
        }
        writeIp(frame, IpProtocol.TCP);
        int length = header + segment.payloadLength();
        Tcp.writeChecksum(
                frame, TRANSPORT, length, InternetChecksum.pseudoHeaderIpv4(frame, LINK, IpProtocol.TCP, length));
        if (breaksChecksums && segment.payloadLength() > 0 && random.nextInt(10) == 0) {
            frame[frame.length - 1] ^= 1;
        }
        if (random.nextInt(1000) >= lossPerMille) {
            inject(frame);
        }
        return true;
    }

    private static void writeIp(byte[] frame, int protocol) {
        Ethernet.writeHeader(frame, 0, MACHINE_MAC, MAC, Ethernet.TYPE_IPV4);
        Ipv4.writeHeader(frame, LINK, frame.length - LINK, protocol, ADDRESS, MACHINE);
        Ipv4.writeChecksum(frame, LINK);
    }

    private void inject(byte[] frame) {
        frames++;
        byte[] padded = java.util.Arrays.copyOf(frame, Math.max(frame.length, Ethernet.MIN_FRAME_LENGTH));
        machine.apply(new NicCommand.InjectFrames("eth0", padded, new int[] {padded.length}, new long[] {0}, false));
    }

    @Override
    public void free(Segment segment, Work on) {}

    @Override
    public int payloadByte(Segment segment, int index) {
        return ((Packet) segment).bytes[segment.headerLength() + index] & 0xff;
    }

    @Override
    public int mtu(Endpoint endpoint) {
        return 1500;
    }

    @Override
    public boolean cutsSegments(Endpoint endpoint) {
        return false;
    }

    @Override
    public TimerService timers() {
        return timers;
    }

    @Override
    public int randomBits() {
        return (int) random.nextLong();
    }

    @Override
    public void spend(Symbol symbol, long cycles) {}

    @Override
    public void spend(CostList costs) {}

    @Override
    public long nowPs() {
        return loop.nowPs();
    }
}
