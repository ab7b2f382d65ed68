package org.ioatlab.wire;

/**
 * An IPv4 or IPv6 address as a value.
 *
 * @param family which of the two
 * @param high the upper 64 bits of an IPv6 address; 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address; the 32 bits of an IPv4 address
 */
public record IpAddress(Family family, long high, long low) {
    /** The version of the protocol that an address belongs to. */
    public enum Family {
        IPV4,
        IPV6
    }

    /** @throws IllegalArgumentException when an IPv4 address has more than 32 bits */
    public IpAddress {
        if (family == Family.IPV4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
    }

    /** The IPv4 address of these 32 bits. */
    public static IpAddress ipv4(int bits) {
        return new IpAddress(Family.IPV4, 0, Integer.toUnsignedLong(bits));
    }

    /** The IPv6 address of these two halves. */
    public static IpAddress ipv6(long high, long low) {
        return new IpAddress(Family.IPV6, high, low);
    }

    /**
     * Reads dotted-decimal IPv4 or any text form of IPv6 (RFC 4291, 2.2); no zone, no name, no look-up.
     *
     * @throws IllegalArgumentException when {@code text} is anything else
     */
    public static IpAddress parse(String text) {
        return IpAddressText.parse(text);
    }

    public boolean isIpv4() {
        return family == Family.IPV4;
    }

    /** The 32 bits of an IPv4 address. */
    public int ipv4Bits() {
        return (int) low;
    }

    /** Dotted decimal, or the canonical IPv6 text of RFC 5952. */
    @Override
    public String toString() {
        return IpAddressText.format(this);
    }
}
