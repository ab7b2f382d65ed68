package org.ioatlab.workload.packetdrill.packet;

/**
 * An IP packet that the machine under test sent.
 *
 * @param packet the packet, read
 * @param atNs when it reached the wire, on the machine's clock
 */
public record SentPacket(LivePacket packet, long atNs) {
    /** A packet from its bytes, beginning with the IP header. */
    public static SentPacket of(byte[] bytes, long atNs) {
        return new SentPacket(new LivePacket(bytes), atNs);
    }
}
