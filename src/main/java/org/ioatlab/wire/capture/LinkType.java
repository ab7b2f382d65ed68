package org.ioatlab.wire.capture;

import org.jspecify.annotations.Nullable;

/** What a captured frame begins with. Codes are those of the registry of link types that pcap and pcapng share. */
public enum LinkType {
    /** An Ethernet header. */
    ETHERNET(1),
    /** An IPv4 or IPv6 header, told apart by its version. */
    RAW_IP(101),
    /** An IPv4 header. */
    IPV4(228),
    /** An IPv6 header. */
    IPV6(229);

    /** Two codes by which some systems write {@link #RAW_IP}: BSD's DLT_RAW and OpenBSD's. */
    private static final int RAW_IP_BSD = 12;

    private static final int RAW_IP_OPENBSD = 14;

    private static final LinkType[] ALL = values();

    private final int code;

    LinkType(int code) {
        this.code = code;
    }

    /** The registered code. */
    public int code() {
        return code;
    }

    /** Whether frames begin with an IP header. */
    public boolean isIp() {
        return this != ETHERNET;
    }

    /** The type of a code found in a file, or null when its frames cannot be used. */
    public static @Nullable LinkType ofCode(int code) {
        if (code == RAW_IP_BSD || code == RAW_IP_OPENBSD) {
            return RAW_IP;
        }
        for (LinkType type : ALL) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    static LinkType ofOrdinal(int ordinal) {
        return ALL[ordinal];
    }
}
