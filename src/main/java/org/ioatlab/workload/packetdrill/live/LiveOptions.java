package org.ioatlab.workload.packetdrill.live;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.kernel.net.socket.Errors;
import org.ioatlab.kernel.net.socket.Socket;
import org.ioatlab.kernel.net.socket.SocketOption;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.workload.packetdrill.call.SocketCall;
import org.jspecify.annotations.Nullable;

/** Socket options of scripts, as far as the kernel has them; some that change nothing here are kept so that they can be read back. */
final class LiveOptions {
    private static final String WITHOUT_EFFECT =
            " SO_DEBUG SO_REUSEPORT SO_REUSEPORT_LB SO_PRIORITY SO_MARK SO_NOSIGPIPE"
                    + " SO_BROADCAST SO_DONTROUTE SO_BUSY_POLL SO_INCOMING_CPU SO_ZEROCOPY SO_TIMESTAMPING SO_MAX_PACING_RATE"
                    + " TCP_USER_TIMEOUT TCP_THIN_LINEAR_TIMEOUTS TCP_THIN_DUPACK TCP_NOTSENT_LOWAT TCP_CONGESTION"
                    + " TCP_FUNCTION_BLK TCP_SAVE_SYN TCP_LOG_LIMIT TCP_DELACK TCP_USE_CMP_ACKS"
                    + " IP_TOS IP_TTL IP_MTU_DISCOVER IP_RECVERR IP_FREEBIND IP_TRANSPARENT IP_BIND_ADDRESS_NO_PORT IP_DONTFRAG"
                    + " IPV6_V6ONLY IPV6_TCLASS IPV6_UNICAST_HOPS IPV6_MTU_DISCOVER IPV6_RECVERR IPV6_AUTOFLOWLABEL ";

    private final Map<String, Long> kept = new TreeMap<>();
    private final Map<String, String> texts = new TreeMap<>();

    /** 0, or a negative error number. */
    int set(Socket socket, SocketCall.SetOption option, Processor on) {
        SocketOption known = SocketOption.named(option.name());
        if (known == null) {
            return keep(socket, option);
        }
        if (option.values().isEmpty()) {
            return Errors.EINVAL.returned();
        }
        long value = option.values().getFirst();
        if (known == SocketOption.SO_LINGER) {
            value = value == 0 ? -1 : option.values().getLast();
        }
        return socket.setOption(known, value, on);
    }

    private int keep(Socket socket, SocketCall.SetOption option) {
        if (!isWithoutEffect(option.name())) {
            return Errors.ENOPROTOOPT.returned();
        }
        String key = key(socket, option.name());
        if (option.text() != null) {
            texts.put(key, option.text());
        } else if (!option.values().isEmpty()) {
            kept.put(key, option.values().getFirst());
        }
        return 0;
    }

    private static boolean isWithoutEffect(String name) {
        return WITHOUT_EFFECT.contains(" " + name + " ");
    }

    private static String key(Socket socket, String name) {
        return socket.serial() + " " + name;
    }

    /** 0, or a negative error number. */
    int get(Socket socket, String name, List<Long> values) {
        SocketOption known = SocketOption.named(name);
        if (known == null) {
            values.add(kept.getOrDefault(key(socket, name), 0L));
            return isWithoutEffect(name) || name.equals("TCP_INFO") ? 0 : Errors.ENOPROTOOPT.returned();
        }
        long value = socket.option(known);
        if (value < 0 && known != SocketOption.SO_LINGER) {
            return (int) value;
        }
        if (known == SocketOption.SO_LINGER) {
            values.add(value < 0 ? 0L : 1L);
        }
        values.add(Math.max(value, 0));
        return 0;
    }

    /** The value of an option that is a string, or null. */
    @Nullable
    String text(Socket socket, String name) {
        String usual = switch (name) {
            case "TCP_CONGESTION" -> "reno";
            case "TCP_FUNCTION_BLK" -> "freebsd";
            default -> null;
        };
        return usual == null ? null : texts.getOrDefault(key(socket, name), usual);
    }
}
