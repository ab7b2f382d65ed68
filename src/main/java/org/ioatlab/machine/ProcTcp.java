package org.ioatlab.machine;

import java.util.List;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.net.socket.OpenFile;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.net.socket.TcpSocket;
import org.ioatlab.kernel.net.socket.UdpSocket;
import org.ioatlab.kernel.net.tcp.Endpoint;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpCounter;
import org.ioatlab.kernel.net.tcp.TcpLayer;
import org.ioatlab.kernel.net.tcp.TcpListener;
import org.ioatlab.kernel.net.tcp.TcpState;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.IpAddress;

/** TCP's part of {@code /proc/net}, in the forms of Linux 2.6.12. */
final class ProcTcp {
    private static final String TITLE =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid" + "  timeout inode";
    private static final String TITLE6 =
            "  sl  local_address                         remote_address                        st"
                    + " tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
    private static final int TIME_WAIT_TIMER = 3;
    private static final long TICKS_PER_SECOND = 100;

    private final SocketLayer sockets;
    private final EventLoop loop;

    ProcTcp(SocketLayer sockets, EventLoop loop) {
        this.sockets = sockets;
        this.loop = loop;
    }

    private TcpLayer tcp() {
        return sockets.tcp().layer();
    }

    /** The two lines of {@code /proc/net/snmp}. */
    String snmpLines() {
        StringBuilder names = new StringBuilder("Tcp: RtoAlgorithm RtoMin RtoMax MaxConn");
        StringBuilder values = new StringBuilder("Tcp: 1 200 120000 -1");
        for (TcpCounter counter : TcpCounter.values()) {
            if (counter.isInSnmp()) {
                names.append(' ').append(counter.kernelName());
                values.append(' ').append(tcp().counters().get(counter));
            }
        }
        return names.append('\n').append(values).append('\n').toString();
    }

    /** {@code /proc/net/netstat}. */
    String netstat() {
        StringBuilder names = new StringBuilder("TcpExt:");
        StringBuilder values = new StringBuilder("TcpExt:");
        for (TcpCounter counter : TcpCounter.values()) {
            if (!counter.isInSnmp()) {
                names.append(' ').append(counter.kernelName());
                values.append(' ').append(tcp().counters().get(counter));
            }
        }
        return names.append('\n').append(values).append('\n').toString();
    }

    /** {@code /proc/net/sockstat}. */
    String sockstat() {
        long tcpSockets = 0;
        long udpSockets = 0;
        for (OpenFile file : sockets.files()) {
            tcpSockets += file instanceof TcpSocket ? 1 : 0;
            udpSockets += file instanceof UdpSocket ? 1 : 0;
        }
        List<TcpConnection> all = tcp().connections();
        long orphans = all.stream().filter(each -> each.user().isClosed()).count();
        long bytes = all.stream()
                .mapToLong(each -> each.charged() + each.unacknowledged())
                .sum();
        long pages = (bytes + PhysicalMemory.PAGE_SIZE - 1) / PhysicalMemory.PAGE_SIZE;
        return "sockets: used %d\nTCP: inuse %d orphan %d tw %d alloc %d mem %d\nUDP: inuse %d\n"
                .formatted(
                        sockets.count(),
                        all.size() + tcp().listeners().size(),
                        orphans,
                        tcp().timeWaits().size(),
                        Math.max(tcpSockets, all.size()),
                        pages,
                        udpSockets);
    }

    /** {@code /proc/net/tcp} or {@code /proc/net/tcp6}. */
    String table(boolean ipv6) {
        StringBuilder text = new StringBuilder(ipv6 ? TITLE6 : TITLE).append('\n');
        int[] row = {0};
        for (TcpListener listener : tcp().listeners()) {
            line(text, row, listener, ipv6, TcpState.LISTEN.number(), 0, listener.waiting(), 0, 0);
        }
        for (TcpConnection each : tcp().connections()) {
            if (each.isIpv4() != ipv6) {
                int timer = each.pendingTimer();
                long when = timer == 0 ? 0 : each.timerDuePs() - loop.nowPs();
                line(text, row, each, ipv6, each.state().number(), each.unacknowledged(), each.readable(), timer, when);
            }
        }
        tcp().timeWaits().stream()
                .filter(each -> each.isIpv4() != ipv6)
                .forEach(each -> line(text, row, each, ipv6, TcpState.TIME_WAIT.number(), 0, 0, TIME_WAIT_TIMER, 0));
        return text.toString();
    }

    private static void line(
            StringBuilder text,
            int[] row,
            Endpoint endpoint,
            boolean ipv6,
            int state,
            long sending,
            long receiving,
            int timer,
            long whenPs) {
        long ticks = Math.max(whenPs, 0) / (Picoseconds.PER_SECOND / TICKS_PER_SECOND);
        text.append("%4d: %s:%04X %s:%04X %02X %08X:%08X %02X:%08X %08X %5d %8d %d\n"
                .formatted(
                        row[0]++,
                        address(endpoint.localAddress(), ipv6),
                        endpoint.localPort(),
                        address(endpoint.remoteAddress(), ipv6),
                        endpoint.remotePort(),
                        state,
                        sending,
                        receiving,
                        timer,
                        ticks,
                        0,
                        0,
                        0,
                        0));
    }

    /** 32-bit words as a little-endian kernel prints them. */
    private static String address(IpAddress address, boolean ipv6) {
        if (!ipv6) {
            return "%08X".formatted(Integer.reverseBytes((int) address.low()));
        }
        return word(address.high() >>> 32) + word(address.high()) + word(address.low() >>> 32) + word(address.low());
    }

    private static String word(long bits) {
        return "%08X".formatted(Integer.reverseBytes((int) bits));
    }
}
