package org.ioatlab.workload.packetdrill.script;

/** Types and codes of ICMP (RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7) and ICMPv6 (RFC 4443) by the names of scripts. */
final class IcmpNames {
    private static final String[] TYPES_V4 = {
        "echo_reply 0",
        "unreachable 3",
        "source_quench 4",
        "redirect 5",
        "echo_request 8",
        "time_exceeded 11",
        "parameter_problem 12",
        "timestamp_request 13",
        "timestamp_reply 14",
        "information_request 15",
        "information_reply 16",
        "address_mask_request 17",
        "address_mask_reply 18"
    };
    private static final String[] TYPES_V6 = {
        "unreachable 1",
        "packet_too_big 2",
        "time_exceeded 3",
        "parameter_problem 4",
        "echo_request 128",
        "echo_reply 129"
    };
    private static final String[] UNREACHABLE_V4 = {
        "net_unreachable 0",
        "host_unreachable 1",
        "protocol_unreachable 2",
        "port_unreachable 3",
        "frag_needed 4",
        "source_route_failed 5",
        "net_unknown 6",
        "host_unknown 7",
        "source_host_isolated 8",
        "net_prohibited 9",
        "host_prohibited 10",
        "net_unreachable_for_tos 11",
        "host_unreachable_for_tos 12",
        "packet_filtered 13",
        "precedence_violation 14",
        "precedence_cutoff 15"
    };
    private static final String[] UNREACHABLE_V6 = {
        "net_unreachable 0",
        "no_route 0",
        "admin_prohibited 1",
        "not_neighbour 2",
        "address_unreachable 3",
        "port_unreachable 4"
    };
    private static final String[] TIME_EXCEEDED_V6 = {"exceeded_hop_limit 0", "exceeded_frag_time 1"};
    private static final String[] PARAMETER_PROBLEM_V6 = {"header_field 0", "unknown_next_header 1", "unknown_option 2"
    };
    private static final String[] NONE = {};

    private IcmpNames() {}

    /** The type's number, or -1; {@code type_42} is a number by itself. */
    static int type(String name, boolean ipv6) {
        return name.startsWith("type_") ? byteOf(name.substring(5)) : find(ipv6 ? TYPES_V6 : TYPES_V4, name);
    }

    /** The code's number, or -1; {@code code_42} is a number by itself. */
    static int code(int type, String name, boolean ipv6) {
        return name.startsWith("code_") ? byteOf(name.substring(5)) : find(codes(type, ipv6), name);
    }

    private static String[] codes(int type, boolean ipv6) {
        if (!ipv6) {
            return type == 3 ? UNREACHABLE_V4 : NONE;
        }
        return switch (type) {
            case 1 -> UNREACHABLE_V6;
            case 3 -> TIME_EXCEEDED_V6;
            case 4 -> PARAMETER_PROBLEM_V6;
            default -> NONE;
        };
    }

    private static int find(String[] table, String name) {
        for (String row : table) {
            if (row.startsWith(name) && row.charAt(name.length()) == ' ') {
                return Integer.parseInt(row.substring(name.length() + 1));
            }
        }
        return -1;
    }

    private static int byteOf(String digits) {
        return digits.matches("[0-9]{1,3}") && Integer.parseInt(digits) <= 0xff ? Integer.parseInt(digits) : -1;
    }
}
