package org.ioatlab.workload.packetdrill.live;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.net.ip.IpLayer;
import org.ioatlab.kernel.net.ip.IpMib;
import org.ioatlab.kernel.net.socket.OpenFile;
import org.ioatlab.kernel.net.socket.Socket;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.net.tcp.TcpInfo;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.packetdrill.ScriptHost;
import org.ioatlab.workload.packetdrill.call.CallOutcome;
import org.ioatlab.workload.packetdrill.call.SocketCall;
import org.ioatlab.workload.packetdrill.packet.SentPacket;
import org.ioatlab.workload.wire.Path;
import org.ioatlab.workload.wire.Station;
import org.ioatlab.workload.wire.Wire;
import org.jspecify.annotations.Nullable;

/** A machine under test: a process on one of its processors makes the calls, a station on one of its wires plays the other end. */
final class LiveHost implements ScriptHost, Station {
    /** How far the other end's address lies behind the machine's: behind all remote hosts. */
    private static final int OFFSET = 100;

    private final EventLoop loop;
    private final Processor processor;
    private final SocketLayer layer;
    private final IpLayer ip;
    private final Wire wire;
    private final IpAddress remoteV4;
    private final IpAddress remoteV6;
    private final LiveCalls calls;
    private final SystemControls controls;
    private final Map<Integer, LiveCall> running = new TreeMap<>();
    private final ArrayDeque<SentPacket> sent = new ArrayDeque<>();
    private final Path path = Path.clear();
    private int routeMtu = Integer.MAX_VALUE;
    private int nextCall;
    private long expectedPackets;
    private @Nullable LiveRun run;

    LiveHost(Processor processor, SocketLayer layer, IpLayer ip, Wire wire) {
        this.loop = processor.loop();
        this.processor = processor;
        this.layer = layer;
        this.ip = ip;
        this.wire = wire;
        IpAddress v4 = wire.machine().ipv4();
        IpAddress v6 = wire.machine().ipv6();
        remoteV4 = IpAddress.ipv4(v4.ipv4Bits() + OFFSET);
        remoteV6 = IpAddress.ipv6(v6.high(), v6.low() + OFFSET);
        calls = new LiveCalls(layer);
        controls = new SystemControls(layer.tcp().layer().settings());
    }

    /** Who is told when something has happened. */
    void tell(LiveRun listener) {
        run = listener;
    }

    /** Something has happened: the script goes on behind the present event. */
    void soon() {
        if (run != null) {
            run.soon();
        }
    }

    LiveCalls calls() {
        return calls;
    }

    KernelMemory memory() {
        return layer.memory();
    }

    boolean isInUse(int fd) {
        OpenFile file = layer.find(fd);
        return file != null && file.isInUse();
    }

    /** The script is over. */
    void leave() {
        controls.restore();
        layer.tcp().limitMtu(Integer.MAX_VALUE);
        wire.pullOut(this);
        run = null;
    }

    @Override
    public long nowNs() {
        return Picoseconds.toNanoseconds(loop.nowPs());
    }

    @Override
    public IpAddress localAddress(boolean ipv6) {
        return ipv6 ? wire.machine().ipv6() : wire.machine().ipv4();
    }

    @Override
    public IpAddress remoteAddress(boolean ipv6) {
        return ipv6 ? remoteV6 : remoteV4;
    }

    @Override
    public void inject(byte[] packet) {
        boolean isIpv4 = packet[0] >>> 4 == 4;
        int length = Ethernet.HEADER_LENGTH + packet.length;
        int slot = wire.claim(length);
        if (slot == Wire.NO_SLOT) {
            return;
        }
        long from =
                isIpv4 ? Wire.neighbourMac(remoteV4.ipv4Bits()) : Wire.neighbourMac(remoteV6.high(), remoteV6.low());
        byte[] frame = wire.headers(slot);
        Ethernet.writeHeader(frame, 0, wire.machine().mac(), from, isIpv4 ? Ethernet.TYPE_IPV4 : Ethernet.TYPE_IPV6);
        System.arraycopy(packet, 0, frame, Ethernet.HEADER_LENGTH, packet.length);
        expectedPackets = Math.max(expectedPackets, receivedPackets()) + 1;
        wire.send(slot, length, path);
    }

    private long receivedPackets() {
        return ip.counters(false).get(IpMib.IN_RECEIVES) + ip.counters(true).get(IpMib.IN_RECEIVES);
    }

    @Override
    public boolean isDelivered() {
        return receivedPackets() >= expectedPackets;
    }

    @Override
    public @Nullable SentPacket takePacket() {
        return sent.poll();
    }

    @Override
    public int mtu() {
        return Math.min(wire.machine().mtu(), routeMtu);
    }

    /** A route's MTU can be less than its port's, not more. */
    @Override
    public boolean setMtu(int bytes) {
        routeMtu = bytes;
        layer.tcp().limitMtu(bytes);
        return bytes <= wire.machine().mtu();
    }

    @Override
    public int start(SocketCall call) {
        LiveCall task = new LiveCall(this, call, processor);
        running.put(nextCall, task);
        task.wake();
        return nextCall++;
    }

    @Override
    public @Nullable CallOutcome outcome(int call) {
        LiveCall task = running.get(call);
        CallOutcome outcome = task == null ? null : task.outcome();
        if (outcome != null) {
            running.remove(call);
        }
        return outcome;
    }

    @Override
    public boolean isWaiting(int call) {
        LiveCall task = running.get(call);
        return task != null && task.isWaiting();
    }

    @Override
    public void abandon(int call) {
        LiveCall task = running.remove(call);
        if (task != null && task.outcome() == null) {
            task.giveUp();
        }
    }

    @Override
    public OptionalLong tcpInfo(int fd, String name) {
        TcpInfo info = layer.find(fd) instanceof Socket socket ? socket.info(loop.nowPs()) : null;
        return info == null ? OptionalLong.empty() : TcpFigures.of(info, name);
    }

    @Override
    public boolean setSystemControl(String name, String value) {
        return controls.set(name, value);
    }

    @Override
    public boolean owns(int ipv4) {
        return remoteV4.ipv4Bits() == ipv4;
    }

    @Override
    public boolean owns(long ipv6High, long ipv6Low) {
        return remoteV6.high() == ipv6High && remoteV6.low() == ipv6Low;
    }

    @Override
    public void arrived(byte[] frame, FrameLayout layout) {
        if (run != null) {
            byte[] packet = Arrays.copyOfRange(frame, layout.networkOffset(), layout.networkEnd());
            sent.add(SentPacket.of(packet, nowNs()));
            run.soon();
        }
    }
}
