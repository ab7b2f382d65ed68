package org.ioatlab.kernel.net;

import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.MacAddress;

/** A network interface as the protocols above it see it ({@code struct net_device}). */
public interface NetDevice {
    /** {@code eth0} and so on. */
    String name();

    /** Its number among the machine's interfaces, from 0. */
    int index();

    /** Its link address. */
    MacAddress address();

    /** The longest IP packet that it takes, bytes. */
    int mtu();

    /** Its IPv4 address; the network has a prefix of 24 bits. */
    IpAddress ipv4();

    /** Its IPv6 address; the network has a prefix of 64 bits. */
    IpAddress ipv6();

    /** Whether it puts transport checksums in itself (NETIF_F_HW_CSUM). */
    boolean insertsChecksums();

    /** Whether it cuts large TCP packets into segments itself (NETIF_F_TSO). */
    boolean segmentsTcp();

    /**
     * Queues a packet whose data begins at its Ethernet header ({@code dev_queue_xmit}); owns it from now on.
     *
     * @return false if the queue was full and the packet was dropped
     */
    boolean transmit(SocketBuffer packet, Processor on);
}
