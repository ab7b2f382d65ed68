package org.ioatlab.kernel.net;

import org.ioatlab.hardware.nic.HashType;
import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A packet in memory ({@code struct sk_buff}): a linear part in a slab-allocated buffer, and fragments in pages. The structure itself
 * takes a slab object too. Obtained from and given back to {@link SocketBuffers}.
 */
public final class SocketBuffer extends Segment {
    /** Page fragments of one packet (MAX_SKB_FRAGS with pages of 4096 bytes). */
    public static final int LARGEST_FRAGMENTS = 18;

    /** {@link #vlanTag()} of a frame that hardware took no tag out of. */
    public static final int NO_TAG = -1;

    /** What is known of a packet's checksum ({@code ip_summed}). */
    public enum Checksum {
        /** Nothing: software has to check. */
        NONE,
        /** Hardware found it right. */
        UNNECESSARY,
        /** To be sent: hardware has to put it in ({@code CHECKSUM_HW}). */
        HARDWARE
    }

    /** Whom the frame was addressed to ({@code pkt_type}). */
    public enum Destination {
        HOST,
        BROADCAST,
        MULTICAST,
        OTHER_HOST
    }

    long structAddress;
    long bufferAddress;
    int bufferBytes;
    int data;
    int linear;
    int link;
    int network;
    int truesize;
    int fragments;
    final int[] pages = new int[LARGEST_FRAGMENTS];
    final int[] offsets = new int[LARGEST_FRAGMENTS];
    final int[] lengths = new int[LARGEST_FRAGMENTS];
    int fragmentBytes;

    int protocol;
    int vlanTag;
    int queue;
    int cpu;
    int hash;
    HashType hashType = HashType.NONE;
    Checksum checksum = Checksum.NONE;
    Destination destination = Destination.HOST;
    boolean headerSplit;
    boolean checksumError;
    int checksumStart;
    int checksumOffset;
    int segmentBytes;
    long receivedPs;
    long sequence;

    @Nullable
    SocketBuffer next;

    SocketBuffer() {}

    /** Where the linear part begins, a physical address. */
    public long dataAddress() {
        return bufferAddress + data;
    }

    /** Where the link header begins, a physical address. */
    public long linkAddress() {
        return bufferAddress + link;
    }

    /** Length of the linear part from {@link #dataAddress()} on. */
    public int linearLength() {
        return linear;
    }

    /** Length of the linear part from {@link #linkAddress()} on. */
    public int linkLength() {
        return data - link + linear;
    }

    /** Length of the whole packet from {@link #dataAddress()} on. */
    public int length() {
        return linear + fragmentBytes;
    }

    /** Bytes charged to a socket for it. */
    @Override
    public int truesize() {
        return truesize;
    }

    /** How many page fragments it has. */
    public int fragments() {
        return fragments;
    }

    /** The page of fragment {@code index}. */
    public int fragmentPage(int index) {
        return pages[index];
    }

    /** Where fragment {@code index} begins in its page. */
    public int fragmentOffset(int index) {
        return offsets[index];
    }

    /** Length of fragment {@code index}. */
    public int fragmentLength(int index) {
        return lengths[index];
    }

    /** The EtherType, or the kernel's number for an 802.3 frame. */
    public int protocol() {
        return protocol;
    }

    /** The tag that hardware took out, or {@link #NO_TAG}. */
    public int vlanTag() {
        return vlanTag;
    }

    /** The receive queue that it came by. */
    public int queue() {
        return queue;
    }

    /** The processor that polled it. */
    public int cpu() {
        return cpu;
    }

    /** The flow hash, where {@link #hashType()} isn't NONE. */
    public int hash() {
        return hash;
    }

    /** What the flow hash covers. */
    public HashType hashType() {
        return hashType;
    }

    /** What hardware said of the checksum. */
    public Checksum checksum() {
        return checksum;
    }

    /** Whether hardware found a wrong checksum. */
    public boolean hasChecksumError() {
        return checksumError;
    }

    /** Whom it was addressed to. */
    public Destination destination() {
        return destination;
    }

    /** Whether hardware put its header alone into the linear part. */
    public boolean isHeaderSplit() {
        return headerSplit;
    }

    /** When the driver handed it on. */
    public long receivedPs() {
        return receivedPs;
    }

    /** Bytes free before the data. */
    public int headroom() {
        return data;
    }

    /** Bytes free behind the linear part. */
    public int tailroom() {
        return bufferBytes - data - linear;
    }

    /** Leaves room for headers before the data of an empty packet ({@code skb_reserve}). */
    public void reserve(int bytes) {
        requireRoom(bytes, tailroom());
        data += bytes;
        link = data;
    }

    /** Adds {@code bytes} behind the linear part ({@code skb_put}); answers where they begin, a physical address. */
    public long put(int bytes) {
        requireRoom(bytes, tailroom());
        linear += bytes;
        return bufferAddress + data + linear - bytes;
    }

    /** Adds {@code bytes} of header before the data ({@code skb_push}); answers where they begin, a physical address. */
    public long push(int bytes) {
        requireRoom(bytes, data);
        data -= bytes;
        linear += bytes;
        link = data;
        return bufferAddress + data;
    }

    /**
     * Has the transport checksum put in on the way out. Its field holds the pseudo header's sum, length included; for a packet that is cut into
     * segments the driver sees to that.
     *
     * @param start where the transport header begins, from the data as it is now
     * @param offset where the checksum stands in that header
     */
    public void insertChecksum(int start, int offset) {
        checksum = Checksum.HARDWARE;
        checksumStart = data + start;
        checksumOffset = offset;
    }

    /** Where the transport header of a packet with {@link Checksum#HARDWARE} begins, from the data as it is now. */
    public int checksumStart() {
        return checksumStart - data;
    }

    /** Where the checksum stands in the transport header. */
    public int checksumOffset() {
        return checksumOffset;
    }

    /** Payload bytes of each segment that hardware cuts the packet into, or 0 ({@code tso_size}). */
    public int segmentBytes() {
        return segmentBytes;
    }

    /** Has hardware cut the packet's TCP payload into segments of {@code bytes}; 0 for none. */
    public void setSegmentBytes(int bytes) {
        segmentBytes = bytes;
    }

    /** Moves the beginning of the data behind {@code bytes} of header ({@code skb_pull}), which must lie in the linear part. */
    public void pull(int bytes) {
        if (bytes > linear) {
            throw new IllegalArgumentException("only " + linear + " bytes are linear, not " + bytes);
        }
        data += bytes;
        linear -= bytes;
    }

    /** Adds part of a page and takes over one use of the page, which goes when the packet is freed; at most {@link #LARGEST_FRAGMENTS}. */
    public void addFragment(int page, int offset, int length) {
        pages[fragments] = page;
        offsets[fragments] = offset;
        lengths[fragments++] = length;
        fragmentBytes += length;
        truesize += length;
    }

    /** Lets the last fragment reach {@code bytes} further in its page. */
    public void extendLastFragment(int bytes) {
        lengths[fragments - 1] += bytes;
        fragmentBytes += bytes;
        truesize += bytes;
    }

    private static void requireRoom(int bytes, int room) {
        if (bytes > room) {
            throw new IllegalArgumentException("room for " + room + " bytes, not " + bytes);
        }
    }

    /** Feeds where it lies and what is known of it; its bytes are memory's. */
    public void hashInto(StateHash state) {
        state.put(structAddress);
        state.put(bufferAddress);
        state.put((long) data << Integer.SIZE | linear);
        state.put((long) link << Integer.SIZE | truesize);
        for (int i = 0; i < fragments; i++) {
            state.put(pages[i]);
            state.put((long) offsets[i] << Integer.SIZE | lengths[i]);
        }
        state.put((long) protocol << Integer.SIZE | queue);
        state.put(hash);
        state.put((long) checksumStart << Integer.SIZE | checksumOffset);
        state.put((long) checksum.ordinal() << Integer.SIZE | segmentBytes);
        state.put(receivedPs);
    }
}
