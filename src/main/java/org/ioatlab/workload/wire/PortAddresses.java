package org.ioatlab.workload.wire;

import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.MacAddress;

/**
 * A machine's port as the other end of its cable knows it.
 *
 * @param index which port: eth0 is 0
 * @param macAddress its link address
 * @param ipv4 its IPv4 address
 * @param ipv6 its IPv6 address
 * @param mtu the longest IP packet on its network, bytes
 */
public record PortAddresses(int index, MacAddress macAddress, IpAddress ipv4, IpAddress ipv6, int mtu) {
    /** Its link address, 48 bits. */
    public long mac() {
        return macAddress.bits();
    }

    /** Whether an IPv4 address is the port's. */
    public boolean owns(int address) {
        return address == ipv4.ipv4Bits();
    }

    /** Whether an IPv6 address is the port's. */
    public boolean owns(long high, long low) {
        return high == ipv6.high() && low == ipv6.low();
    }

    /** Its address of the same family as {@code other}. */
    public IpAddress likeFamilyOf(IpAddress other) {
        return other.isIpv4() ? ipv4 : ipv6;
    }
}
