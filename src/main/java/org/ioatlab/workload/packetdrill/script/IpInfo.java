package org.ioatlab.workload.packetdrill.script;

/**
 * What a script says about an IP header; what it doesn't say is not checked.
 *
 * @param ecn how the traffic class is given
 * @param trafficClass all eight bits for {@link Ecn#TOS}, the two of ECN otherwise
 * @param flowLabel 20 bits, or -1
 * @param ttl 1 to 255, or -1
 */
public record IpInfo(Ecn ecn, int trafficClass, int flowLabel, int ttl) {
    /** What is said about the traffic class. */
    public enum Ecn {
        /** Nothing. */
        UNCHECKED,
        /** {@code [noecn]}, {@code [ect0]}, {@code [ect1]}, {@code [ce]}: the two bits of RFC 3168. */
        CODEPOINT,
        /** {@code [ect01]}: either of the two codepoints of ECN-capable transport. */
        ECT0_OR_ECT1,
        /** {@code [tos 0x10]}: the whole byte. */
        TOS
    }

    /** Says nothing. */
    public static final IpInfo NONE = new IpInfo(Ecn.UNCHECKED, 0, -1, -1);
}
