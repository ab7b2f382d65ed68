package org.ioatlab.kernel.net.ip;

import java.util.List;

/** Counters of IPv4 and IPv6 (RFC 4293, in the spelling of Linux). */
public enum IpMib implements MibName {
    FORWARDING("Forwarding"),
    DEFAULT_TTL("DefaultTTL"),
    IN_RECEIVES("InReceives"),
    IN_HDR_ERRORS("InHdrErrors"),
    IN_TOO_BIG_ERRORS("InTooBigErrors"),
    IN_NO_ROUTES("InNoRoutes"),
    IN_ADDR_ERRORS("InAddrErrors"),
    FORW_DATAGRAMS("ForwDatagrams"),
    IN_UNKNOWN_PROTOS("InUnknownProtos"),
    IN_TRUNCATED_PKTS("InTruncatedPkts"),
    IN_DISCARDS("InDiscards"),
    IN_DELIVERS("InDelivers"),
    OUT_FORW_DATAGRAMS("OutForwDatagrams"),
    OUT_REQUESTS("OutRequests"),
    OUT_DISCARDS("OutDiscards"),
    OUT_NO_ROUTES("OutNoRoutes"),
    REASM_TIMEOUT("ReasmTimeout"),
    REASM_REQDS("ReasmReqds"),
    REASM_OKS("ReasmOKs"),
    REASM_FAILS("ReasmFails"),
    FRAG_OKS("FragOKs"),
    FRAG_FAILS("FragFails"),
    FRAG_CREATES("FragCreates"),
    IN_MCAST_PKTS("InMcastPkts"),
    OUT_MCAST_PKTS("OutMcastPkts");

    /** As {@code /proc/net/snmp} has them. */
    static final List<IpMib> IPV4 = List.of(
            FORWARDING,
            DEFAULT_TTL,
            IN_RECEIVES,
            IN_HDR_ERRORS,
            IN_ADDR_ERRORS,
            FORW_DATAGRAMS,
            IN_UNKNOWN_PROTOS,
            IN_DISCARDS,
            IN_DELIVERS,
            OUT_REQUESTS,
            OUT_DISCARDS,
            OUT_NO_ROUTES,
            REASM_TIMEOUT,
            REASM_REQDS,
            REASM_OKS,
            REASM_FAILS,
            FRAG_OKS,
            FRAG_FAILS,
            FRAG_CREATES);

    /** As {@code /proc/net/snmp6} has them. */
    static final List<IpMib> IPV6 = List.of(
            IN_RECEIVES,
            IN_HDR_ERRORS,
            IN_TOO_BIG_ERRORS,
            IN_NO_ROUTES,
            IN_ADDR_ERRORS,
            IN_UNKNOWN_PROTOS,
            IN_TRUNCATED_PKTS,
            IN_DISCARDS,
            IN_DELIVERS,
            OUT_FORW_DATAGRAMS,
            OUT_REQUESTS,
            OUT_DISCARDS,
            OUT_NO_ROUTES,
            REASM_TIMEOUT,
            REASM_REQDS,
            REASM_OKS,
            REASM_FAILS,
            FRAG_OKS,
            FRAG_FAILS,
            FRAG_CREATES,
            IN_MCAST_PKTS,
            OUT_MCAST_PKTS);

    private final String kernelName;

    IpMib(String kernelName) {
        this.kernelName = kernelName;
    }

    @Override
    public String kernelName() {
        return kernelName;
    }
}
