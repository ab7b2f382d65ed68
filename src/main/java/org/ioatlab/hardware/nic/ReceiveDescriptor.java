package org.ioatlab.hardware.nic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The three formats of a receive descriptor, little-endian in memory (82571/82574 manuals).
 *
 * <p>Read by the controller: legacy and extended have one buffer address; packet split has four, {@link #NO_BUFFER} where unused.
 *
 * <p>Written back: <em>legacy</em> length u16 at 8, checksum u16, status u8, errors u8, tag u16. <em>Extended</em> hash type and queue u32 at
 * 0, hash u32, status and errors u32, length u16, tag u16. <em>Packet split</em> begins as extended with the header buffer's length, then
 * header status u16 at 16 and the lengths in the three page buffers.
 */
public final class ReceiveDescriptor {
    /** Bytes of a legacy or extended descriptor. */
    public static final int PLAIN_BYTES = 16;

    /** Bytes of a packet-split descriptor. */
    public static final int SPLIT_BYTES = 32;

    /** Buffers of a packet-split descriptor besides the header buffer. */
    public static final int PAGE_BUFFERS = 3;

    /** Address of an unused buffer. */
    public static final long NO_BUFFER = -1;

    /** Descriptor done. */
    public static final int DONE = 1;

    /** End of packet. */
    public static final int END_OF_PACKET = 1 << 1;

    /** Checksums weren't looked at. */
    public static final int IGNORE_CHECKSUM = 1 << 2;

    /** A tag was taken out. */
    public static final int VLAN_PACKET = 1 << 3;

    /** The UDP checksum was computed. */
    public static final int UDP_CHECKSUM = 1 << 4;

    /** The TCP checksum was computed. */
    public static final int TCP_CHECKSUM = 1 << 5;

    /** The IPv4 header checksum was computed. */
    public static final int IP_CHECKSUM = 1 << 6;

    /** The TCP or UDP checksum is wrong (extended formats). */
    public static final int TRANSPORT_ERROR = 1 << 29;

    /** The IPv4 header checksum is wrong (extended formats). */
    public static final int IP_ERROR = 1 << 30;

    /** Errors stand in bits 24 to 31 of the extended formats' word, and in a byte of the legacy format. */
    public static final int ERROR_SHIFT = 24;

    /** In the header status: the header went alone into the header buffer. */
    public static final int HEADER_SPLIT = 1 << 15;

    /** In the header status: the header's length. */
    public static final int HEADER_LENGTH_MASK = 0x3ff;

    /** In the first word written back: the queue's place. */
    public static final int QUEUE_SHIFT = 8;

    /** In the first word written back: the hash type. */
    public static final int HASH_TYPE_MASK = 0xf;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private ReceiveDescriptor() {}

    /** Reads eight bytes of a descriptor. */
    public static long word(byte[] page, int offset) {
        return (long) LONGS.get(page, offset);
    }

    /** Writes eight bytes of a descriptor. */
    public static void setWord(byte[] page, int offset, long value) {
        LONGS.set(page, offset, value);
    }
}
