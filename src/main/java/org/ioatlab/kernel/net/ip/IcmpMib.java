package org.ioatlab.kernel.net.ip;

import java.util.List;

/** Counters of ICMP and ICMPv6 (RFC 4293, in the spelling of Linux). */
public enum IcmpMib implements MibName {
    IN_MSGS("InMsgs"),
    IN_ERRORS("InErrors"),
    IN_DEST_UNREACHS("InDestUnreachs"),
    IN_PKT_TOO_BIGS("InPktTooBigs"),
    IN_TIME_EXCDS("InTimeExcds"),
    IN_PARM_PROBS("InParmProbs"),
    IN_PARM_PROBLEMS("InParmProblems"),
    IN_SRC_QUENCHS("InSrcQuenchs"),
    IN_REDIRECTS("InRedirects"),
    IN_ECHOS("InEchos"),
    IN_ECHO_REPS("InEchoReps"),
    IN_ECHO_REPLIES("InEchoReplies"),
    IN_TIMESTAMPS("InTimestamps"),
    IN_TIMESTAMP_REPS("InTimestampReps"),
    IN_ADDR_MASKS("InAddrMasks"),
    IN_ADDR_MASK_REPS("InAddrMaskReps"),
    IN_ROUTER_SOLICITS("InRouterSolicits"),
    IN_ROUTER_ADVERTISEMENTS("InRouterAdvertisements"),
    IN_NEIGHBOR_SOLICITS("InNeighborSolicits"),
    IN_NEIGHBOR_ADVERTISEMENTS("InNeighborAdvertisements"),
    OUT_MSGS("OutMsgs"),
    OUT_ERRORS("OutErrors"),
    OUT_DEST_UNREACHS("OutDestUnreachs"),
    OUT_PKT_TOO_BIGS("OutPktTooBigs"),
    OUT_TIME_EXCDS("OutTimeExcds"),
    OUT_PARM_PROBS("OutParmProbs"),
    OUT_PARM_PROBLEMS("OutParmProblems"),
    OUT_SRC_QUENCHS("OutSrcQuenchs"),
    OUT_REDIRECTS("OutRedirects"),
    OUT_ECHOS("OutEchos"),
    OUT_ECHO_REPS("OutEchoReps"),
    OUT_ECHO_REPLIES("OutEchoReplies"),
    OUT_TIMESTAMPS("OutTimestamps"),
    OUT_TIMESTAMP_REPS("OutTimestampReps"),
    OUT_ADDR_MASKS("OutAddrMasks"),
    OUT_ADDR_MASK_REPS("OutAddrMaskReps"),
    OUT_NEIGHBOR_SOLICITS("OutNeighborSolicits"),
    OUT_NEIGHBOR_ADVERTISEMENTS("OutNeighborAdvertisements");

    /** As {@code /proc/net/snmp} has them. */
    static final List<IcmpMib> IPV4 = List.of(
            IN_MSGS,
            IN_ERRORS,
            IN_DEST_UNREACHS,
            IN_TIME_EXCDS,
            IN_PARM_PROBS,
            IN_SRC_QUENCHS,
            IN_REDIRECTS,
            IN_ECHOS,
            IN_ECHO_REPS,
            IN_TIMESTAMPS,
            IN_TIMESTAMP_REPS,
            IN_ADDR_MASKS,
            IN_ADDR_MASK_REPS,
            OUT_MSGS,
            OUT_ERRORS,
            OUT_DEST_UNREACHS,
            OUT_TIME_EXCDS,
            OUT_PARM_PROBS,
            OUT_SRC_QUENCHS,
            OUT_REDIRECTS,
            OUT_ECHOS,
            OUT_ECHO_REPS,
            OUT_TIMESTAMPS,
            OUT_TIMESTAMP_REPS,
            OUT_ADDR_MASKS,
            OUT_ADDR_MASK_REPS);

    /** As {@code /proc/net/snmp6} has them. */
    static final List<IcmpMib> IPV6 = List.of(
            IN_MSGS,
            IN_ERRORS,
            IN_DEST_UNREACHS,
            IN_PKT_TOO_BIGS,
            IN_TIME_EXCDS,
            IN_PARM_PROBLEMS,
            IN_ECHOS,
            IN_ECHO_REPLIES,
            IN_ROUTER_SOLICITS,
            IN_ROUTER_ADVERTISEMENTS,
            IN_NEIGHBOR_SOLICITS,
            IN_NEIGHBOR_ADVERTISEMENTS,
            IN_REDIRECTS,
            OUT_MSGS,
            OUT_DEST_UNREACHS,
            OUT_PKT_TOO_BIGS,
            OUT_TIME_EXCDS,
            OUT_PARM_PROBLEMS,
            OUT_ECHO_REPLIES,
            OUT_NEIGHBOR_SOLICITS,
            OUT_NEIGHBOR_ADVERTISEMENTS);

    private final String kernelName;

    IcmpMib(String kernelName) {
        this.kernelName = kernelName;
    }

    @Override
    public String kernelName() {
        return kernelName;
    }
}
