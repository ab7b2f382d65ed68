package org.ioatlab.workload.packetdrill.live;

import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.kernel.net.tcp.TcpSettings;
import org.ioatlab.time.Picoseconds;

/** Kernel variables by the names of Linux and of FreeBSD. What a script sets is set back when it is over. */
final class SystemControls {
    private final TcpSettings settings;
    private final Map<String, String> before = new TreeMap<>();

    SystemControls(TcpSettings settings) {
        this.settings = settings;
    }

    /** Sets a variable; false if there is none of that name or it doesn't take that value. */
    boolean set(String name, String value) {
        String key = key(name);
        String old = get(key);
        try {
            if (old.isEmpty() || !put(key, value)) {
                return false;
            }
        } catch (NumberFormatException _) {
            return false;
        }
        before.putIfAbsent(key, old);
        return true;
    }

    /** Sets back what was set. */
    void restore() {
        before.forEach(this::put);
        before.clear();
    }

    /** FreeBSD's names for what Linux has, too. */
    private static String key(String name) {
        return switch (name) {
            case "net.inet.tcp.sack.enable" -> "net.ipv4.tcp_sack";
            case "net.inet.tcp.rfc1323" -> "rfc1323";
            case "net.inet.tcp.recvbuf_auto" -> "net.ipv4.tcp_moderate_rcvbuf";
            case "net.inet.tcp.recvspace" -> "recvspace";
            case "net.inet.tcp.sendspace" -> "sendspace";
            case "net.inet.tcp.keepcnt" -> "net.ipv4.tcp_keepalive_probes";
            case "net.inet.tcp.keepidle" -> "keepidle";
            case "net.inet.tcp.keepintvl" -> "keepintvl";
            case "net.inet.tcp.finwait2_timeout" -> "finwait2_timeout";
            case "kern.ipc.soacceptqueue", "kern.ipc.somaxconn" -> "net.core.somaxconn";
            default -> name;
        };
    }

    /** The variable's present value; empty if there is none of that name. */
    private String get(String key) {
        return switch (key) {
            case "net.ipv4.tcp_timestamps" -> flag(settings.timestamps);
            case "net.ipv4.tcp_sack" -> flag(settings.sack);
            case "net.ipv4.tcp_dsack" -> flag(settings.dsack);
            case "net.ipv4.tcp_window_scaling" -> flag(settings.windowScaling);
            case "rfc1323" -> flag(settings.timestamps && settings.windowScaling);
            case "net.ipv4.tcp_moderate_rcvbuf" -> flag(settings.autoTuning);
            case "net.ipv4.tcp_abort_on_overflow" -> flag(settings.abortOnOverflow);
            case "net.ipv4.tcp_stdurg" -> flag(settings.standardUrgent);
            case "net.ipv4.tcp_max_syn_backlog" -> Integer.toString(settings.synBacklog);
            case "net.core.somaxconn" -> Integer.toString(settings.listenBacklog);
            case "net.ipv4.tcp_rmem" -> "4096 " + settings.receiveBuffer + " " + settings.largestReceiveBuffer;
            case "net.ipv4.tcp_wmem" -> "4096 " + settings.sendBuffer + " " + settings.largestSendBuffer;
            case "recvspace" -> Integer.toString(settings.receiveBuffer);
            case "sendspace" -> Integer.toString(settings.sendBuffer);
            case "net.ipv4.tcp_fin_timeout" -> Long.toString(settings.finTimeoutPs / Picoseconds.PER_SECOND);
            case "finwait2_timeout" -> Long.toString(settings.finTimeoutPs / Picoseconds.PER_MILLISECOND);
            case "net.ipv4.tcp_keepalive_time" -> Long.toString(settings.keepAliveIdlePs / Picoseconds.PER_SECOND);
            case "net.ipv4.tcp_keepalive_intvl" -> Long.toString(settings.keepAliveIntervalPs / Picoseconds.PER_SECOND);
            case "keepidle" -> Long.toString(settings.keepAliveIdlePs / Picoseconds.PER_MILLISECOND);
            case "keepintvl" -> Long.toString(settings.keepAliveIntervalPs / Picoseconds.PER_MILLISECOND);
            case "net.ipv4.tcp_keepalive_probes" -> Integer.toString(settings.keepAliveProbes);
            case "net.ipv4.tcp_max_tw_buckets" -> Integer.toString(settings.largestTimeWaits);
            default -> "";
        };
    }

    private static String flag(boolean on) {
        return on ? "1" : "0";
    }

    private boolean put(String key, String value) {
        switch (key) {
            case "net.ipv4.tcp_timestamps" -> settings.timestamps = number(value) != 0;
            case "net.ipv4.tcp_sack" -> settings.sack = number(value) != 0;
            case "net.ipv4.tcp_dsack" -> settings.dsack = number(value) != 0;
            case "net.ipv4.tcp_window_scaling" -> settings.windowScaling = number(value) != 0;
            case "rfc1323" -> {
                settings.timestamps = number(value) != 0;
                settings.windowScaling = settings.timestamps;
            }
            case "net.ipv4.tcp_moderate_rcvbuf" -> settings.autoTuning = number(value) != 0;
            case "net.ipv4.tcp_abort_on_overflow" -> settings.abortOnOverflow = number(value) != 0;
            case "net.ipv4.tcp_stdurg" -> settings.standardUrgent = number(value) != 0;
            default -> {
                return putNumber(key, value);
            }
        }
        return true;
    }

    private boolean putNumber(String key, String value) {
        switch (key) {
            case "net.ipv4.tcp_max_syn_backlog" -> settings.synBacklog = Math.clamp(number(value), 1, 65_536);
            case "net.core.somaxconn" -> settings.listenBacklog = Math.clamp(number(value), 0, 65_535);
            case "net.ipv4.tcp_rmem" -> {
                return receiveBuffers(value);
            }
            case "net.ipv4.tcp_wmem" -> {
                return sendBuffers(value);
            }
            case "recvspace" -> settings.receiveBuffer = Math.clamp(number(value), 1, 1 << 30);
            case "sendspace" -> settings.sendBuffer = Math.clamp(number(value), 1, 1 << 30);
            case "net.ipv4.tcp_fin_timeout" -> settings.finTimeoutPs = number(value) * Picoseconds.PER_SECOND;
            case "finwait2_timeout" -> settings.finTimeoutPs = number(value) * Picoseconds.PER_MILLISECOND;
            case "net.ipv4.tcp_keepalive_time" -> settings.keepAliveIdlePs = number(value) * Picoseconds.PER_SECOND;
            case "net.ipv4.tcp_keepalive_intvl" ->
                settings.keepAliveIntervalPs = number(value) * Picoseconds.PER_SECOND;
            case "keepidle" -> settings.keepAliveIdlePs = number(value) * Picoseconds.PER_MILLISECOND;
            case "keepintvl" -> settings.keepAliveIntervalPs = number(value) * Picoseconds.PER_MILLISECOND;
            case "net.ipv4.tcp_keepalive_probes" -> settings.keepAliveProbes = Math.clamp(number(value), 1, 127);
            case "net.ipv4.tcp_max_tw_buckets" -> settings.largestTimeWaits = Math.clamp(number(value), 0, 1 << 24);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Least, default and most bytes; the least isn't modelled. */
    private boolean receiveBuffers(String value) {
        String[] sizes = value.strip().split("\\s+", -1);
        if (sizes.length != 3) {
            return false;
        }
        settings.receiveBuffer = Math.clamp(number(sizes[1]), 1, 1 << 30);
        settings.largestReceiveBuffer = Math.clamp(number(sizes[2]), 1, 1 << 30);
        return true;
    }

    private boolean sendBuffers(String value) {
        String[] sizes = value.strip().split("\\s+", -1);
        if (sizes.length != 3) {
            return false;
        }
        settings.sendBuffer = Math.clamp(number(sizes[1]), 1, 1 << 30);
        settings.largestSendBuffer = Math.clamp(number(sizes[2]), 1, 1 << 30);
        return true;
    }

    /** A day's worth of seconds is the most that any of them takes. */
    private static long number(String text) {
        return Math.clamp(Long.parseLong(text.strip()), 0, 1L << 30);
    }
}
