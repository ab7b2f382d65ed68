package org.ioatlab.workload.packetdrill.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** Reads the options at a script's beginning. */
final class OptionReader {
    /** Options of packetdrill that say how it is run, not what it tests. */
    private static final String IGNORED = " code_command code_format code_sockopt gateway_ip netmask_ip local_ip_prefix"
            + " init_scripts speed wire_client wire_server wire_server_ip wire_server_at wire_server_port wire_client_dev"
            + " wire_server_dev so_filename so_flags dry_run is_anyip send_omit_free strict_segments debug verbose"
            + " persistent_tun_dev persistent_tun_device tun_device udp_encaps use_expect fm_filename fm_flags ";

    private ScriptOptions.IpVersion ipVersion = ScriptOptions.DEFAULT.ipVersion();
    private int mss = ScriptOptions.DEFAULT.mss();
    private int mtu = ScriptOptions.DEFAULT.mtu();
    private long toleranceMicros = ScriptOptions.DEFAULT.toleranceMicros();
    private int tolerancePermille = ScriptOptions.DEFAULT.tolerancePermille();
    private int bindPort = ScriptOptions.DEFAULT.bindPort();
    private int connectPort = ScriptOptions.DEFAULT.connectPort();
    private long timestampTickMicros;
    private boolean timestampEchoScaled;
    private List<String> nonFatal = List.of();
    private @Nullable String localIp;
    private @Nullable String remoteIp;
    private final List<String> ignored = new ArrayList<>();
    private final Map<String, Token> definitions = new TreeMap<>();

    /** Values of {@code --define}, by name. */
    Map<String, Token> definitions() {
        return definitions;
    }

    ScriptOptions options() {
        return new ScriptOptions(
                ipVersion,
                mss,
                mtu,
                toleranceMicros,
                tolerancePermille,
                bindPort,
                connectPort,
                timestampTickMicros,
                timestampEchoScaled,
                nonFatal,
                localIp,
                remoteIp,
                ignored);
    }

    void read(Token option) {
        switch (option.text()) {
            case "ip_version" -> ipVersion = version(option);
            case "mss" -> mss = (int) number(option, 1, 0xffff);
            case "mtu" -> mtu = (int) number(option, 68, 0xffff);
            case "tolerance_usecs" -> toleranceMicros = number(option, 0, 3_600_000_000L);
            case "tolerance_percent" -> tolerancePermille = permille(option);
            case "bind_port" -> bindPort = (int) number(option, 1, 0xffff);
            case "connect_port" -> connectPort = (int) number(option, 1, 0xffff);
            case "tcp_ts_tick_usecs" -> timestampTickMicros = number(option, 0, 1_000_000);
            case "tcp_ts_ecr_scaled" -> timestampEchoScaled = true;
            case "non_fatal" -> nonFatal = nonFatal(option);
            case "local_ip" -> localIp = address(option);
            case "remote_ip" -> remoteIp = address(option);
            case "define", "D" -> define(option);
            default -> ignore(option);
        }
    }

    private void ignore(Token option) {
        if (!IGNORED.contains(" " + option.text() + " ")) {
            throw new SyntaxFault(option.at(), "unknown option --" + option.text());
        }
        ignored.add(option.text());
    }

    private static ScriptOptions.IpVersion version(Token option) {
        return switch (value(option)) {
            case "ipv4" -> ScriptOptions.IpVersion.IPV4;
            case "ipv6" -> ScriptOptions.IpVersion.IPV6;
            case "ipv4-mapped-ipv6" -> ScriptOptions.IpVersion.IPV4_MAPPED_IPV6;
            default -> throw bad(option, "ipv4, ipv6 or ipv4-mapped-ipv6");
        };
    }

    private static long number(Token option, long min, long max) {
        try {
            long value = Long.parseLong(value(option));
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException _) {
            // Refused below.
        }
        throw bad(option, "a number from " + min + " to " + max);
    }

    private static int permille(Token option) {
        try {
            long micros = Decimals.micros(value(option));
            if (micros >= 0 && micros <= 100_000_000L) {
                return (int) (micros / 100_000);
            }
        } catch (NumberFormatException _) {
            // Refused below.
        }
        throw bad(option, "a percentage");
    }

    private static List<String> nonFatal(Token option) {
        List<String> kinds = List.of(value(option).split("[, ]+"));
        for (String kind : kinds) {
            if (!kind.equals("packet") && !kind.equals("syscall")) {
                throw bad(option, "packet, syscall or both with a comma");
            }
        }
        return kinds;
    }

    private static String address(Token option) {
        String address = value(option);
        int slash = address.indexOf('/');
        try {
            return IpAddress.parse(slash < 0 ? address : address.substring(0, slash))
                    .toString();
        } catch (IllegalArgumentException _) {
            throw bad(option, "an IP address");
        }
    }

    private void define(Token option) {
        String[] parts = value(option).split("=", 2);
        List<Token> value = parts.length < 2 || parts[0].isEmpty() ? List.of() : Lexer.tokens(parts[1]);
        if (value.size() != 2) {
            throw bad(option, "NAME=VALUE with one word, number or string as value");
        }
        definitions.put(parts[0], value.getFirst());
    }

    /** The value without quotes around the whole of it. */
    private static String value(Token option) {
        String value = option.value();
        boolean quoted = value.length() > 1 && value.charAt(0) == '"' && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static SyntaxFault bad(Token option, String wanted) {
        return new SyntaxFault(
                option.at(), "option --" + option.text() + " wants " + wanted + ", not '" + option.value() + "'");
    }
}
