package org.ioatlab.hardware.nic;

import java.util.Arrays;
import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Tcp;

/**
 * Builds the frames of one packet after the other from pieces in memory: one as it stands, with checksums put in where asked, or as many TCP
 * segments as the payload fills. Each segment has the packet's headers with its own length, IPv4 identification, sequence number
 * and checksums; FIN and PSH only the last one, CWR only the first (RFC 3168, 6.1.2).
 */
final class FrameAssembler {
    private static final byte[] NOTHING = {};
    private static final int ALL_ONES = 0xffff;

    private final BusMaster bus;
    private final PhysicalMemory memory;
    private final TransmitContext context = new TransmitContext();
    private byte[] frame = NOTHING;
    private int length;
    private long latePs;
    private long ring;
    private int count;
    private int slot;
    private int within;
    private long options;
    private int left;
    private int segment;
    private int identification;
    private int sequence;
    private int flags;
    private int pseudoHeaderSum;
    private boolean pads;

    FrameAssembler(BusMaster bus) {
        this.bus = bus;
        memory = bus.bytes();
    }

    /** What context descriptors set. */
    TransmitContext context() {
        return context;
    }

    /** Whether short frames are filled up with zeros. */
    void setPadding(boolean on) {
        pads = on;
    }

    /**
     * Takes up a packet of {@code total} bytes that begins with descriptor {@code firstSlot} of a ring.
     *
     * @return false if it can't be sent
     */
    boolean begin(long ringAddress, int descriptors, int firstSlot, int total) {
        ring = ringAddress;
        count = descriptors;
        slot = firstSlot;
        within = 0;
        options = memory.readLong(ring + (long) slot * TransmitDescriptor.BYTES + Long.BYTES);
        left = total;
        segment = 0;
        if (frame.length == 0) {
            frame = new byte[TransmitDescriptor.LONGEST_PACKET];
        }
        boolean possible = cuts() ? context.canCut(total) : total > 0 && total <= TransmitDescriptor.LONGEST_PACKET;
        if (possible && cuts()) {
            readHeaders();
        }
        left = possible ? left : 0;
        return possible;
    }

    /** Whether the packet is one that is cut into segments. */
    boolean cuts() {
        return (options & TransmitDescriptor.SEGMENT) != 0;
    }

    /** Whether frames of the packet are still to be built. */
    boolean hasMore() {
        return left > 0;
    }

    /** Gives the packet up. */
    void abandon() {
        left = 0;
    }

    byte[] frame() {
        return frame;
    }

    int length() {
        return length;
    }

    /** How much longer reading the frame lasts because the memory bus is full. */
    long latePs() {
        return latePs;
    }

    /** Builds the next frame. */
    void build() {
        if (cuts()) {
            buildSegment();
        } else {
            length = left;
            gather(0, left);
            insertChecksums();
        }
        segment++;
        if (pads && length < Ethernet.MIN_FRAME_LENGTH) {
            Arrays.fill(frame, length, Ethernet.MIN_FRAME_LENGTH, (byte) 0);
            length = Ethernet.MIN_FRAME_LENGTH;
        }
    }

    void hashInto(StateHash hash) {
        context.hashInto(hash);
        hash.put(pads);
        hash.put(left);
        if (left > 0) {
            hash.put(slot);
            hash.put(within);
            hash.put(options);
            hash.put(segment);
            hash.put(frame, 0, segment == 0 ? 0 : context.headerLength());
        }
    }

    /** Reads the headers that all segments begin with, and what differs from one to the next. */
    private void readHeaders() {
        gather(0, context.headerLength());
        int tcp = context.transportStart();
        identification = Ipv4.identification(frame, context.ipStart());
        sequence = Tcp.sequence(frame, tcp);
        flags = Tcp.flags(frame, tcp);
        pseudoHeaderSum = BigEndian.u16(frame, context.transportChecksum());
    }

    private void buildSegment() {
        int headers = context.headerLength();
        int size = Math.min(left, context.segmentBytes());
        gather(headers, size);
        length = headers + size;
        placeInNetwork(context.ipStart());
        placeInStream(context.transportStart());
        insertChecksums();
    }

    private void placeInNetwork(int ip) {
        if (context.isIpv4()) {
            Ipv4.setTotalLength(frame, ip, length - ip);
            Ipv4.setIdentification(frame, ip, identification + segment);
            BigEndian.put16(frame, context.ipChecksum(), 0);
        } else {
            Ipv6.setPayloadLength(frame, ip, length - ip - Ipv6.HEADER_LENGTH);
        }
    }

    private void placeInStream(int tcp) {
        Tcp.setSequence(frame, tcp, sequence + segment * context.segmentBytes());
        int notLast = left > 0 ? Tcp.FIN | Tcp.PSH : 0;
        int notFirst = segment > 0 ? Tcp.CWR : 0;
        Tcp.setFlags(frame, tcp, flags & ~(notLast | notFirst));
        BigEndian.put16(frame, context.transportChecksum(), InternetChecksum.add(pseudoHeaderSum, length - tcp));
    }

    private void insertChecksums() {
        if ((options & TransmitDescriptor.INSERT_IP_CHECKSUM) != 0) {
            int end = context.ipEnd(length);
            BigEndian.put16(frame, context.ipChecksum(), checksum(context.ipStart(), context.ipChecksum(), end));
        }
        if ((options & TransmitDescriptor.INSERT_TRANSPORT_CHECKSUM) != 0) {
            int at = context.transportChecksum();
            int checksum = checksum(context.transportStart(), at, context.transportEnd(length));
            // RFC 768: a computed 0 is sent as all ones, because 0 says that there is none.
            BigEndian.put16(frame, at, checksum == 0 && !context.isTcp() ? ALL_ONES : checksum);
        }
    }

    /** Over {@code [start, end)}, which begins before the checksum's own place. */
    private int checksum(int start, int at, int end) {
        return start <= at && at + Short.BYTES <= end ? InternetChecksum.checksum(frame, start, end - start) : 0;
    }

    /** Reads the packet's next bytes to {@code at}, from piece to piece. */
    private void gather(int at, int bytes) {
        int to = at;
        int missing = bytes;
        while (missing > 0) {
            long descriptor = ring + (long) slot * TransmitDescriptor.BYTES;
            int piece = (int) memory.readLong(descriptor + Long.BYTES) & TransmitDescriptor.LENGTH_MASK;
            int taken = Math.min(missing, piece - within);
            memory.read(memory.readLong(descriptor) + within, frame, to, taken);
            latePs = bus.reads(memory.readLong(descriptor) + within, taken);
            to += taken;
            missing -= taken;
            within += taken;
            if (within == piece) {
                slot = slot + 1 == count ? 0 : slot + 1;
                within = 0;
            }
        }
        left -= bytes;
    }
}
