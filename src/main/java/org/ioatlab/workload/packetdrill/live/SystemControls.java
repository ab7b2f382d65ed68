package org.ioatlab.workload.packetdrill.live;

import java.util.EnumMap;
import java.util.Map;
import org.ioatlab.kernel.net.tcp.TcpSettings;
import org.ioatlab.kernel.net.tcp.TcpVariable;
import org.ioatlab.time.Picoseconds;

/** Kernel variables by the names of Linux and of FreeBSD. What a script sets is set back when it is over. */
final class SystemControls {
    private static final long LONGEST_MS = 86_400_000;

    private final TcpSettings settings;
    private final Map<TcpVariable, String> before = new EnumMap<>(TcpVariable.class);

    SystemControls(TcpSettings settings) {
        this.settings = settings;
    }

    /** Sets a variable; false if there is none of that name or it doesn't take that value. */
    boolean set(String name, String value) {
        return switch (name) {
            case "net.inet.tcp.rfc1323" -> put(TcpVariable.TIMESTAMPS, value) && put(TcpVariable.WINDOW_SCALING, value);
            case "net.inet.tcp.recvspace" -> putDefault(TcpVariable.RECEIVE_BUFFER, value);
            case "net.inet.tcp.sendspace" -> putDefault(TcpVariable.SEND_BUFFER, value);
            case "net.inet.tcp.keepidle" -> putTime(TcpVariable.KEEP_ALIVE_IDLE, value);
            case "net.inet.tcp.keepintvl" -> putTime(TcpVariable.KEEP_ALIVE_INTERVAL, value);
            case "net.inet.tcp.finwait2_timeout" -> putTime(TcpVariable.FIN_TIMEOUT, value);
            default -> {
                TcpVariable variable = TcpVariable.named(linuxName(name));
                yield variable != null && put(variable, value);
            }
        };
    }

    /** Sets back what was set. */
    void restore() {
        before.forEach((variable, value) -> variable.write(settings, value));
        before.clear();
    }

    /** FreeBSD's names for what Linux has, too, in the same unit. */
    private static String linuxName(String name) {
        return switch (name) {
            case "net.inet.tcp.sack.enable" -> TcpVariable.SACK.key();
            case "net.inet.tcp.recvbuf_auto" -> TcpVariable.AUTO_TUNING.key();
            case "net.inet.tcp.keepcnt" -> TcpVariable.KEEP_ALIVE_PROBES.key();
            case "kern.ipc.soacceptqueue", "kern.ipc.somaxconn" -> TcpVariable.LISTEN_BACKLOG.key();
            default -> name;
        };
    }

    private boolean put(TcpVariable variable, String value) {
        String old = variable.read(settings);
        if (!variable.write(settings, value)) {
            return false;
        }
        before.putIfAbsent(variable, old);
        return true;
    }

    /** The default alone, between the least and the most. */
    private boolean putDefault(TcpVariable variable, String value) {
        String[] sizes = variable.read(settings).split(" ", -1);
        return put(variable, sizes[0] + " " + value + " " + sizes[2]);
    }

    /** FreeBSD counts milliseconds, of which Linux's variable shows whole seconds only. */
    private boolean putTime(TcpVariable variable, String value) {
        long ps = picoseconds(value.strip());
        if (ps == 0) {
            return false;
        }
        before.putIfAbsent(variable, variable.read(settings));
        switch (variable) {
            case KEEP_ALIVE_IDLE -> settings.keepAliveIdlePs = ps;
            case KEEP_ALIVE_INTERVAL -> settings.keepAliveIntervalPs = ps;
            default -> settings.finTimeoutPs = ps;
        }
        return true;
    }

    /** Of a time in milliseconds, up to a day; 0 if it is none. */
    private static long picoseconds(String milliseconds) {
        try {
            long ms = Long.parseLong(milliseconds);
            return ms < 0 || ms > LONGEST_MS ? 0 : ms * Picoseconds.PER_MILLISECOND;
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
