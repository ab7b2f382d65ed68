package org.ioatlab.workload.packetdrill.script;

import org.jspecify.annotations.Nullable;

/**
 * A packet as a script writes it: relative sequence numbers, no addresses.
 *
 * @param direction whether it is injected or expected
 * @param ip what is said about its IP header
 * @param ports its ports, where the script names them
 * @param transport what the IP packet carries
 */
public record PacketSpec(
        Direction direction, IpInfo ip, @Nullable Ports ports, Transport transport) {
    /** Which way a packet goes. */
    public enum Direction {
        /** {@code <}: injected towards the machine. */
        INBOUND,
        /** {@code >}: expected from the machine. */
        OUTBOUND
    }

    /**
     * Source and destination, each from 0 to 65535.
     *
     * @param source the sender's port
     * @param destination the receiver's port
     */
    public record Ports(int source, int destination) {}

    /** The packet in the notation of scripts. */
    @Override
    public String toString() {
        return PacketText.of(this);
    }
}
