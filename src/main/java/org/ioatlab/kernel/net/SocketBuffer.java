package org.ioatlab.kernel.net;

import org.ioatlab.hardware.memory.PhysicalMemory;
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

    /** The same in whole cache lines: the shared information stands behind it. */
    int dataBytes;

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

    int device;
    int transport;
    boolean ipv6;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int control;

    /** Whether another buffer may share the data; the shared information then counts them ({@code cloned}). */
    boolean cloned;

    private boolean checkedBySoftware;

    /** The newest copy of its bytes that an engine was asked for; 0 for none ({@code dma_cookie}). */
    private int cookie;

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

    /** The interface that it came in by. */
    public int device() {
        return device;
    }

    /** Where the network header begins, a physical address. */
    public long networkAddress() {
        return bufferAddress + network;
    }

    /** Says that the network header begins where the data begins now. */
    public void markNetwork() {
        network = data;
    }

    /** Where the transport header begins, a physical address. */
    public long transportAddress() {
        return bufferAddress + transport;
    }

    /** Says that the transport header begins where the data begins now. */
    public void markTransport() {
        transport = data;
    }

    /** Distance from the network header to the data. */
    public int networkHeaderLength() {
        return data - network;
    }

    /** Whether its addresses are those of IPv6. */
    public boolean isIpv6() {
        return ipv6;
    }

    /** The upper half of the sender's address; 0 for IPv4. */
    public long sourceHigh() {
        return sourceHigh;
    }

    /** The lower half of the sender's address; the 32 bits of an IPv4 address. */
    public long sourceLow() {
        return sourceLow;
    }

    /** The upper half of the receiver's address; 0 for IPv4. */
    public long destinationHigh() {
        return destinationHigh;
    }

    /** The lower half of the receiver's address; the 32 bits of an IPv4 address. */
    public long destinationLow() {
        return destinationLow;
    }

    /** Notes the addresses of an IPv4 packet. */
    public void setIpv4Addresses(int source, int destination) {
        ipv6 = false;
        sourceHigh = 0;
        sourceLow = Integer.toUnsignedLong(source);
        destinationHigh = 0;
        destinationLow = Integer.toUnsignedLong(destination);
    }

    /** Notes the addresses of an IPv6 packet. */
    public void setIpv6Addresses(long fromHigh, long fromLow, long toHigh, long toLow) {
        ipv6 = true;
        sourceHigh = fromHigh;
        sourceLow = fromLow;
        destinationHigh = toHigh;
        destinationLow = toLow;
    }

    /** A number that belongs to the layer that holds the packet ({@code skb->cb}). */
    public int control() {
        return control;
    }

    /** Sets {@link #control()}. */
    public void setControl(int number) {
        control = number;
    }

    /** The packet behind it in the queue that holds it. */
    public @Nullable SocketBuffer nextPacket() {
        return next;
    }

    /** Links it into a queue. */
    public void setNextPacket(@Nullable SocketBuffer packet) {
        next = packet;
    }

    /** Says that software has found the checksum right. */
    public void setChecksumVerified() {
        checkedBySoftware |= checksum != Checksum.UNNECESSARY;
        checksum = Checksum.UNNECESSARY;
    }

    /** Whether hardware found the checksum right, so that nobody else had to look at the bytes. */
    public boolean isHardwareChecked() {
        return checksum == Checksum.UNNECESSARY && !checkedBySoftware;
    }

    /** The newest copy of its bytes that an engine was asked for; 0 for none ({@code dma_cookie}). */
    public int cookie() {
        return cookie;
    }

    /** Sets {@link #cookie()}. */
    public void setCookie(int newest) {
        cookie = newest;
    }

    /** Whether the byte at {@code offset} lies in the linear part. */
    public boolean isLinear(int offset) {
        return offset < linear;
    }

    /** Forgets what is known of its bytes, as it gets new ones. */
    void forgetBytes() {
        checkedBySoftware = false;
        cookie = 0;
        cloned = false;
    }

    /** Physical address of the byte at {@code offset} from the data's beginning, less than {@link #length()}. */
    public long addressAt(int offset) {
        if (offset < linear) {
            return bufferAddress + data + offset;
        }
        int at = offset - linear;
        int index = 0;
        while (at >= lengths[index]) {
            at -= lengths[index++];
        }
        return ((long) pages[index] << PhysicalMemory.PAGE_SHIFT) + offsets[index] + at;
    }

    /** How many bytes lie in one piece from {@code offset} on, at least 1. */
    public int runAt(int offset) {
        if (offset < linear) {
            return linear - offset;
        }
        int at = offset - linear;
        int index = 0;
        while (at >= lengths[index]) {
            at -= lengths[index++];
        }
        return lengths[index] - at;
    }

    /** Cuts what lies behind {@code length} bytes ({@code pskb_trim}); its pages stay the buffer's. */
    public void trim(int length) {
        int left = Math.max(0, length - linear);
        linear = Math.min(linear, length);
        fragmentBytes = Math.min(fragmentBytes, left);
        for (int i = 0; i < fragments; i++) {
            lengths[i] = Math.min(lengths[i], left);
            left -= lengths[i];
        }
    }

    /** Moves the beginning of the data behind {@code bytes}, wherever they lie; its pages stay the buffer's. */
    public void skip(int bytes) {
        int fromLinear = Math.min(bytes, linear);
        pull(fromLinear);
        int left = bytes - fromLinear;
        fragmentBytes -= left;
        for (int i = 0; left > 0; i++) {
            int here = Math.min(left, lengths[i]);
            offsets[i] += here;
            lengths[i] -= here;
            left -= here;
        }
    }

    /** Counts {@code bytes} of the first page that has any as linear, where they have been copied to. */
    void moveToLinear(int bytes) {
        int index = 0;
        while (lengths[index] == 0) {
            index++;
        }
        offsets[index] += bytes;
        lengths[index] -= bytes;
        fragmentBytes -= bytes;
        linear += bytes;
    }

    /** Takes over all but structure and place in a queue. */
    void copyFrom(SocketBuffer original) {
        data = original.data;
        linear = original.linear;
        link = original.link;
        network = original.network;
        transport = original.transport;
        truesize = original.truesize;
        fragments = original.fragments;
        System.arraycopy(original.pages, 0, pages, 0, fragments);
        System.arraycopy(original.offsets, 0, offsets, 0, fragments);
        System.arraycopy(original.lengths, 0, lengths, 0, fragments);
        fragmentBytes = original.fragmentBytes;
        checksum = original.checksum;
        checkedBySoftware = original.checkedBySoftware;
        copyReception(original);
        control = original.control;
    }

    /** Takes over another packet's addresses. */
    public void copyAddresses(SocketBuffer original) {
        ipv6 = original.ipv6;
        sourceHigh = original.sourceHigh;
        sourceLow = original.sourceLow;
        destinationHigh = original.destinationHigh;
        destinationLow = original.destinationLow;
    }

    /** Takes over what is known of how another packet was received, but for checksum and bytes. */
    public void copyReception(SocketBuffer original) {
        device = original.device;
        queue = original.queue;
        cpu = original.cpu;
        protocol = original.protocol;
        vlanTag = original.vlanTag;
        hash = original.hash;
        hashType = original.hashType;
        destination = original.destination;
        headerSplit = original.headerSplit;
        checksumError = original.checksumError;
        receivedPs = original.receivedPs;
        copyAddresses(original);
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
        state.put((long) network << Integer.SIZE | transport);
        state.put((long) control << Integer.SIZE | device);
        state.put((long) cookie << 1 | (checkedBySoftware ? 1 : 0));
    }
}
