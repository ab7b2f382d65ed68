package org.ioatlab.hardware.nic;

/** Which fields a frame's flow hash covers, in the order of the numbers that a descriptor reports. */
public enum HashType {
    /** No hash: the frame goes to queue 0. */
    NONE,
    /** IPv4 addresses and TCP ports. */
    IPV4_TCP,
    /** IPv4 addresses. */
    IPV4,
    /** IPv6 addresses and TCP ports. */
    IPV6_TCP,
    /** IPv6 addresses, by the field that includes packets with extension headers. */
    IPV6_EX,
    /** IPv6 addresses. */
    IPV6;

    private static final HashType[] BY_NUMBER = values();

    /** The type with that number in a descriptor. */
    public static HashType of(int number) {
        return BY_NUMBER[number];
    }
}
