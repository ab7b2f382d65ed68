package org.ioatlab.workload.packetdrill;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.ioatlab.kernel.net.tcp.Endpoint;
import org.ioatlab.kernel.net.tcp.OutgoingSegment;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpCosts;
import org.ioatlab.kernel.net.tcp.TcpHost;
import org.ioatlab.kernel.net.tcp.TcpInfo;
import org.ioatlab.kernel.net.tcp.TcpLayer;
import org.ioatlab.kernel.sched.DirectTimers;
import org.ioatlab.kernel.sched.TimerService;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Tcp;
import org.ioatlab.workload.packetdrill.call.CallOutcome;
import org.ioatlab.workload.packetdrill.call.SocketCall;
import org.ioatlab.workload.packetdrill.packet.SentPacket;
import org.ioatlab.workload.packetdrill.script.Script;
import org.ioatlab.workload.packetdrill.script.ScriptSyntaxException;

/** A host with nothing but TCP and the few socket calls that scripts of these tests make: nothing costs any time there. */
final class TcpOnlyHost implements ScriptHost, TcpHost, Work {
    private static final IpAddress LOCAL_V4 = IpAddress.parse("192.168.0.1");
    private static final IpAddress LOCAL_V6 = IpAddress.parse("fd3d:fa7b:d17d::1");
    private static final IpAddress REMOTE_V4 = IpAddress.parse("192.0.2.1");
    private static final IpAddress REMOTE_V6 = IpAddress.parse("2001:db8::1");

    final EventLoop loop = new EventLoop();
    final TcpLayer tcp;
    private final SeededRandom random = new SeededRandom(1);
    private final DirectTimers timers = new DirectTimers(loop);
    private final ArrayDeque<SentPacket> sent = new ArrayDeque<>();
    private final Map<Integer, TcpOnlySocket> sockets = new TreeMap<>();
    private final Map<Integer, SocketCall> running = new TreeMap<>();
    private final Map<Integer, CallOutcome> returned = new TreeMap<>();
    final Map<String, String> controls = new TreeMap<>();
    private int mtu = 1500;
    private int arriving;
    private int nextCall;
    private int nextFd = 100;

    TcpOnlyHost(Persona persona) {
        tcp = new TcpLayer(this, persona, TcpCosts.FREE);
    }

    /** Runs a script to its end. */
    static ScriptReport run(Persona persona, String text) throws ScriptSyntaxException {
        return new TcpOnlyHost(persona).run(text);
    }

    ScriptReport run(String text) throws ScriptSyntaxException {
        ScriptRun run = new ScriptRun(Script.parse(text), this);
        for (long wakeNs = run.proceed(); wakeNs != ScriptRun.OVER; wakeNs = run.proceed()) {
            long untilPs = wakeNs * 1000;
            long nextPs = Math.min(loop.nextPs(), untilPs);
            loop.run(nextPs, 1, false);
            retry();
        }
        return run.report();
    }

    private void retry() {
        for (int call : new ArrayList<>(running.keySet())) {
            attempt(call);
        }
    }

    private void attempt(int call) {
        CallOutcome outcome = perform(running.get(call));
        if (outcome != null) {
            running.remove(call);
            returned.put(call, outcome);
        }
    }

    private CallOutcome perform(SocketCall call) {
        return switch (call) {
            case SocketCall.Open open -> {
                sockets.put(nextFd, new TcpOnlySocket(this, null, open.nonBlocking()));
                yield CallOutcome.of(nextFd++, nowNs());
            }
            case SocketCall.Bind bind -> sockets.get(bind.fd()).bind(bind.port());
            case SocketCall.Listen listen -> sockets.get(listen.fd()).listen(listen.backlog());
            case SocketCall.Accept accept -> accepted(sockets.get(accept.fd()));
            case SocketCall.Connect connect -> sockets.get(connect.fd()).connect(connect);
            case SocketCall.Receive receive -> sockets.get(receive.fd()).receive(receive);
            case SocketCall.Send send -> sockets.get(send.fd()).send(send);
            case SocketCall.Close close -> sockets.remove(close.fd()).close();
            case SocketCall.Shutdown shutdown -> sockets.get(shutdown.fd()).shutdown(shutdown.how());
            case SocketCall.SetOption option -> sockets.get(option.fd()).setOption(option);
            case SocketCall.GetOption option -> sockets.get(option.fd()).getOption(option);
            case SocketCall.Control control -> sockets.get(control.fd()).control(control);
            case SocketCall.DeviceControl control -> sockets.get(control.fd()).deviceControl(control);
            case SocketCall.Poll poll -> polled(poll);
            case SocketCall.EpollCreate _, SocketCall.EpollControl _, SocketCall.EpollWait _ ->
                CallOutcome.failed("ENOSYS", nowNs());
        };
    }

    private CallOutcome accepted(TcpOnlySocket listener) {
        TcpOnlySocket child = listener.accept();
        if (child == null) {
            return listener.isNonBlocking() ? CallOutcome.failed("EAGAIN", nowNs()) : null;
        }
        sockets.put(nextFd, child);
        return CallOutcome.of(nextFd++, nowNs());
    }

    private CallOutcome polled(SocketCall.Poll poll) {
        List<Long> revents = new ArrayList<>();
        long ready = 0;
        for (SocketCall.PollEntry entry : poll.entries()) {
            long found = sockets.get(entry.fd()).ready() & (entry.events() | 0x18);
            revents.add(found);
            ready += found == 0 ? 0 : 1;
        }
        return ready == 0 && poll.timeoutMs() != 0 ? null : new CallOutcome(ready, null, nowNs(), revents, null, true);
    }

    @Override
    public int start(SocketCall call) {
        running.put(nextCall, call);
        attempt(nextCall);
        return nextCall++;
    }

    @Override
    public CallOutcome outcome(int call) {
        return returned.remove(call);
    }

    @Override
    public boolean isWaiting(int call) {
        return running.containsKey(call);
    }

    @Override
    public void abandon(int call) {
        running.remove(call);
    }

    @Override
    public OptionalLong tcpInfo(int fd, String name) {
        TcpInfo info = sockets.get(fd).info();
        return switch (name) {
            case "tcpi_state" -> OptionalLong.of(info.state());
            case "tcpi_rtt" -> OptionalLong.of(info.rttUs());
            case "tcpi_unacked" -> OptionalLong.of(info.unacked());
            case "tcpi_snd_cwnd" -> OptionalLong.of(info.sndCwnd());
            default -> OptionalLong.empty();
        };
    }

    @Override
    public boolean setSystemControl(String name, String value) {
        boolean known = name.startsWith("net.ipv4.tcp_");
        if (known) {
            controls.put(name, value);
        }
        return known;
    }

    @Override
    public long nowNs() {
        return loop.nowPs() / 1000;
    }

    @Override
    public IpAddress localAddress(boolean ipv6) {
        return ipv6 ? LOCAL_V6 : LOCAL_V4;
    }

    @Override
    public IpAddress remoteAddress(boolean ipv6) {
        return ipv6 ? REMOTE_V6 : REMOTE_V4;
    }

    @Override
    public boolean isDelivered() {
        return arriving == 0;
    }

    @Override
    public SentPacket takePacket() {
        return sent.poll();
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public boolean setMtu(int bytes) {
        mtu = bytes;
        return true;
    }

    /** A packet takes no time, but arrives after the present is over. */
    @Override
    public void inject(byte[] packet) {
        arriving++;
        loop.scheduleAfter(
                new Event() {
                    @Override
                    protected void fire() {
                        arriving--;
                        arrive(packet);
                    }

                    @Override
                    protected void hashInto(StateHash hash) {
                        hash.put("arrival");
                    }
                },
                0);
    }

    private void arrive(byte[] bytes) {
        FrameLayout layout = new FrameLayout();
        layout.parseIp(bytes, 0, bytes.length);
        if (!layout.isTcp()) {
            return;
        }
        Packet packet = new Packet(bytes, layout.transportOffset());
        if (layout.isIpv6()) {
            packet.setAddresses(
                    false,
                    Ipv6.sourceHigh(bytes, 0),
                    Ipv6.sourceLow(bytes, 0),
                    Ipv6.destinationHigh(bytes, 0),
                    Ipv6.destinationLow(bytes, 0));
        } else {
            packet.setAddresses(
                    true,
                    0,
                    Integer.toUnsignedLong(Ipv4.source(bytes, 0)),
                    0,
                    Integer.toUnsignedLong(Ipv4.destination(bytes, 0)));
        }
        int length = layout.transportLength();
        if (packet.decode(bytes, layout.transportOffset(), length, length)) {
            tcp.receive(packet, this);
        }
    }

    /** A segment and its bytes. */
    private static final class Packet extends Segment {
        private final byte[] bytes;
        private final int offset;

        Packet(byte[] bytes, int offset) {
            this.bytes = bytes;
            this.offset = offset;
        }

        @Override
        public int truesize() {
            return payloadLength() + 512;
        }
    }

    @Override
    public boolean output(OutgoingSegment segment, Work on) {
        int ipLength = segment.isIpv4() ? Ipv4.MIN_HEADER_LENGTH : Ipv6.HEADER_LENGTH;
        int length = segment.headerLength() + segment.payloadLength();
        byte[] bytes = new byte[ipLength + length];
        segment.writeHeader(bytes, ipLength);
        int pseudo;
        if (segment.isIpv4()) {
            Ipv4.writeHeader(bytes, 0, ipLength + length, IpProtocol.TCP, (int) segment.sourceLow(), (int)
                    segment.destinationLow());
            pseudo = InternetChecksum.pseudoHeaderIpv4(bytes, 0, IpProtocol.TCP, length);
        } else {
            Ipv6.writeHeader(bytes, 0, length, IpProtocol.TCP);
            Ipv6.setSource(bytes, 0, segment.sourceHigh(), segment.sourceLow());
            Ipv6.setDestination(bytes, 0, segment.destinationHigh(), segment.destinationLow());
            pseudo = InternetChecksum.pseudoHeaderIpv6(bytes, 0, IpProtocol.TCP, length);
        }
        Tcp.writeChecksum(bytes, ipLength, length, pseudo);
        sent.add(SentPacket.of(bytes, nowNs()));
        return true;
    }

    @Override
    public void free(Segment segment, Work on) {}

    @Override
    public int payloadByte(Segment segment, int index) {
        Packet packet = (Packet) segment;
        return packet.bytes[packet.offset + segment.headerLength() + index] & 0xff;
    }

    @Override
    public int mtu(Endpoint endpoint) {
        return mtu;
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

    TcpConnection connect(SocketCall.Connect to, int localPort, org.ioatlab.kernel.net.tcp.TcpUser user) {
        IpAddress local = localAddress(!to.address().isIpv4());
        return tcp.connect(
                local,
                localPort,
                to.address(),
                to.port(),
                org.ioatlab.kernel.net.tcp.TcpOptionsWanted.DEFAULT,
                user,
                this);
    }
}
