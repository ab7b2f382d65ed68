package org.ioatlab.hardware.nic;

import java.util.List;

/** Which headers the flow hash looks at; the bits of the MRQC register. */
public enum HashField {
    /** Addresses and ports of unfragmented TCP over IPv4. */
    TCP_IPV4(16),
    /** Addresses of IPv4. */
    IPV4(17),
    /** As {@link #TCP_IPV6}, also behind extension headers. */
    TCP_IPV6_EX(18),
    /** Addresses of IPv6, also before extension headers, reported as a type of its own. */
    IPV6_EX(19),
    /** Addresses of IPv6. */
    IPV6(20),
    /** Addresses and ports of unfragmented TCP over IPv6 without extension headers. */
    TCP_IPV6(21);

    /** What drivers of the time choose: no UDP ports, because fragments of one datagram would part. */
    public static final List<HashField> USUAL = List.of(IPV4, TCP_IPV4, IPV6, TCP_IPV6);

    private final int bit;

    HashField(int bit) {
        this.bit = bit;
    }

    /** Its bit in MRQC. */
    public int mask() {
        return 1 << bit;
    }
}
