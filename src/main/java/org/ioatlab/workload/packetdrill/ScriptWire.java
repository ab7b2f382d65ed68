package org.ioatlab.workload.packetdrill;

import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.packetdrill.packet.SentPacket;
import org.jspecify.annotations.Nullable;

/** The wire of the machine under test, as IP packets: link headers and address resolution happen below it. */
public interface ScriptWire {
    /** The machine's own address. */
    IpAddress localAddress(boolean ipv6);

    /** The address of the other end, which the script plays. */
    IpAddress remoteAddress(boolean ipv6);

    /** Sends a packet towards the machine now; the bytes are the receiver's from now on. */
    void inject(byte[] packet);

    /** Whether the machine's protocols have worked on everything that was injected. */
    boolean isDelivered();

    /** The next packet that the machine sent and nobody took, or null. */
    @Nullable
    SentPacket takePacket();

    /** The longest packet that the link carries, in bytes. */
    int mtu();

    /**
     * Sets the longest packet that the link carries, in bytes.
     *
     * @return whether the machine can do that
     */
    boolean setMtu(int bytes);
}
