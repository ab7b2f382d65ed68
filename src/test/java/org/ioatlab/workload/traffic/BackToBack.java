package org.ioatlab.workload.traffic;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.nic.Link;
import org.ioatlab.kernel.net.tcp.ListenerUser;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpListener;
import org.ioatlab.kernel.net.tcp.TcpOptionsWanted;
import org.ioatlab.kernel.net.tcp.TcpUser;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.MacAddress;
import org.ioatlab.workload.host.RemoteHost;
import org.ioatlab.workload.host.RemoteHosts;
import org.ioatlab.workload.wire.Impairments;
import org.ioatlab.workload.wire.PacketLog;
import org.ioatlab.workload.wire.Path;
import org.ioatlab.workload.wire.PortAddresses;
import org.ioatlab.workload.wire.Wire;

/** Clients as a machine has them, and a remote host in the machine's place that serves them. */
final class BackToBack {
    static final int PORT = 5001;

    final EventLoop loop = new EventLoop();
    final PacketLog log = new PacketLog();
    final Link down;
    final Link up;
    final Wire wire;
    final Wire back;
    final RemoteHosts clients;
    final RemoteHost server;
    final Persona client;
    final List<Reader> readers = new ArrayList<>();

    /** How a reader reads: so many bytes, so often; 0 for at once. */
    int readBytes;

    long readEveryPs = Picoseconds.PER_MILLISECOND;
    boolean echoes;
    int receiveBuffer;
    private TrafficSpec expected = TcpStreamsTest.streams(1, 1);

    BackToBack(long seed, int mbps, int mtu, Persona client, Persona atServer) {
        IpAddress v4 = IpAddress.parse("10.0.0.1");
        IpAddress v6 = IpAddress.parse("fd00::1");
        down = new Link(loop, mbps);
        up = new Link(loop, mbps);
        wire = new Wire(loop, down, new PortAddresses(0, MacAddress.parse("02:00:00:00:00:01"), v4, v6, mtu), log);
        back = new Wire(
                loop,
                up,
                new PortAddresses(
                        1,
                        MacAddress.parse("02:00:00:00:00:02"),
                        IpAddress.parse("192.0.2.1"),
                        IpAddress.parse("fd01::1"),
                        mtu),
                new PacketLog());
        down.connect(back::frameArrived);
        up.connect(wire::frameArrived);
        down.setCarrier(true);
        up.setCarrier(true);
        clients = new RemoteHosts(loop, wire, seed);
        this.client = client;
        server = new RemoteHost(loop, back, v4, v6, atServer, seed + 1);
        back.plugIn(server);
    }

    /** The first of the clients. */
    RemoteHost client() {
        RemoteHost host = clients.get(client, 0);
        if (host == null) {
            throw new AssertionError("no host");
        }
        return host;
    }

    /** Lets what the server sends suffer. */
    void impairServer(Impairments impairments, long seed) {
        wire.setSendingPath(new Path(impairments, seed));
    }

    /** Takes packets on their way to the server, which answers for its link address only. */
    void take(Link.Receiver packets) {
        FrameLayout layout = new FrameLayout();
        down.connect((bytes, offset, length) -> {
            layout.parse(bytes, offset, length);
            Link.Receiver to = layout.isArp() ? back::frameArrived : packets;
            to.frameArrived(bytes, offset, length);
        });
    }

    TcpListener listen() {
        TcpListener listener = server.tcp().listen(PORT, 20_000, new ListenerUser() {
            @Override
            public TcpUser opened(TcpConnection connection, Work on) {
                Reader reader = new Reader(BackToBack.this, connection);
                readers.add(reader);
                return reader;
            }

            @Override
            public void acceptable(TcpListener to, Work on) {
                to.accept();
            }
        });
        if (listener == null) {
            throw new AssertionError("the port is taken");
        }
        listener.setWanted(new TcpOptionsWanted(receiveBuffer, 0, 0, 0, false));
        return listener;
    }

    /** Says whose streams come. */
    void expect(TrafficSpec spec) {
        expected = spec;
    }

    /** The seed of the stream from a client's port: ports are given out in order. */
    long seedOf(int port) {
        return expected.flowSeed(port - 32_768);
    }

    /** Runs until nothing is left to do. */
    void settle() {
        EventLoop.Stop stop = loop.run(EventLoop.HORIZON_PS, 200_000_000, true);
        if (stop != EventLoop.Stop.IDLE) {
            throw new AssertionError("still busy at " + loop.nowPs() + " ps: " + stop);
        }
    }

    void run(long ps) {
        var _ = loop.run(loop.nowPs() + ps, Long.MAX_VALUE, false);
    }
}
