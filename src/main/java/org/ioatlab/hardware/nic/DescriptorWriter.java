package org.ioatlab.hardware.nic;

import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.FrameLayout;

/**
 * Stores frames into the buffers of descriptors and writes the descriptors back, in whichever of the three formats is set.
 *
 * <p>Header split (QEMU 8.2 e1000e, which follows the 82574 manual): headers of IPv4 and IPv6 packets go alone to the header buffer, up to the
 * end of a TCP or UDP header, or of the IP header of any other packet and of fragments. Anything else, and a header that the
 * header buffer can't hold, isn't split: it fills the header buffer and then the page buffers.
 */
final class DescriptorWriter {
    private static final int HEADER_UNIT = 128;
    private static final int PAGE_UNIT = 1024;
    private static final int HEADER_UNITS_MASK = 0x7f;
    private static final int PAGE_UNITS_MASK = 0x3f;
    private static final int LARGEST_PLAIN = 2048;
    private static final int LARGE_SHIFT = 4;
    private static final long LOW = 0xffff_ffffL;

    private final BusMaster bus;
    private final PhysicalMemory memory;
    private final int[] pageBytes = new int[ReceiveDescriptor.PAGE_BUFFERS];
    private final int[] stored = new int[ReceiveDescriptor.PAGE_BUFFERS];
    private boolean split;
    private boolean extended;
    private boolean splitsFragments;
    private boolean writesHash;
    private int headerBytes;
    private int plainBytes;
    private long flow;

    /** Status and errors of the frame stored last. */
    private int bits;

    private int tag;

    /** How many of its bytes lie in the first buffer. */
    private int firstBytes;

    /** How many of them are a header that was split off. */
    private int splitBytes;

    DescriptorWriter(BusMaster bus) {
        this.bus = bus;
        memory = bus.bytes();
    }

    void configure(int control, int filterControl, int splitControl, boolean hash) {
        split = (control & PortRegister.RCTL_DTYP_PS) != 0;
        extended = (filterControl & PortRegister.RFCTL_EXTEN) != 0;
        splitsFragments = (filterControl & PortRegister.RFCTL_IPFRSP_DIS) == 0;
        writesHash = hash;
        headerBytes = (splitControl & HEADER_UNITS_MASK) * HEADER_UNIT;
        for (int i = 0; i < pageBytes.length; i++) {
            pageBytes[i] = (splitControl >>> (Byte.SIZE * (i + 1)) & PAGE_UNITS_MASK) * PAGE_UNIT;
        }
        plainBytes = plainBytes(control);
    }

    int descriptorBytes() {
        return split ? ReceiveDescriptor.SPLIT_BYTES : ReceiveDescriptor.PLAIN_BYTES;
    }

    /** How long a frame one descriptor takes. */
    int bufferBytes() {
        return split ? headerBytes + pageBytes[0] + pageBytes[1] + pageBytes[2] : plainBytes;
    }

    /** Sets what the next descriptor tells of the frame's flow. */
    void flow(HashType type, int queue, int hash) {
        flow = type.ordinal()
                | (long) queue << ReceiveDescriptor.QUEUE_SHIFT
                | (writesHash ? (long) hash << Integer.SIZE : 0);
    }

    /**
     * Stores the parsed frame into the buffers of the queue's next descriptor, which must be free, and writes that back.
     *
     * @return 0, or the picoseconds for which the bus is still full; {@link #writeBack} is due then, and no other frame before
     */
    long write(ReceiveQueue queue, byte[] bytes, FrameLayout layout, int status, int vlanTag) {
        long address = queue.headAddress();
        byte[] page = queue.headPage(address);
        int at = ReceiveQueue.withinPage(address);
        bits = status | ReceiveDescriptor.DONE | ReceiveDescriptor.END_OF_PACKET;
        tag = vlanTag;
        long fetchedPs = bus.reads(address, descriptorBytes());
        long latePs = Math.max(fetchedPs, storeFrame(page, at, bytes, layout));
        if (latePs == 0) {
            writeBack(page, at);
            bus.writes(address, descriptorBytes());
        }
        return latePs;
    }

    /** Writes the descriptor of the frame back that has been stored last. */
    void writeBack(ReceiveQueue queue) {
        long address = queue.headAddress();
        writeBack(queue.headPage(address), ReceiveQueue.withinPage(address));
        bus.writes(address, descriptorBytes());
    }

    /** Feeds what a descriptor that is still to be written back will tell. */
    void hashInto(StateHash hash) {
        hash.put(flow);
        hash.put(bits);
        hash.put(tag);
        hash.put(firstBytes);
        hash.put(splitBytes);
    }

    private long storeFrame(byte[] page, int at, byte[] bytes, FrameLayout layout) {
        int length = layout.frameLength();
        splitBytes = split ? splitLength(layout) : 0;
        firstBytes = splitBytes > 0 ? splitBytes : split ? Math.min(length, headerBytes) : length;
        long latePs = store(ReceiveDescriptor.word(page, at), bytes, layout.frameOffset(), firstBytes);
        return split
                ? Math.max(latePs, storePages(page, at, bytes, layout.frameOffset() + firstBytes, length - firstBytes))
                : latePs;
    }

    private long store(long address, byte[] bytes, int offset, int length) {
        memory.write(address, bytes, offset, length);
        return bus.writes(address, length);
    }

    private long storePages(byte[] page, int at, byte[] bytes, int offset, int length) {
        long latePs = 0;
        int from = offset;
        int left = length;
        for (int i = 0; i < stored.length; i++) {
            int piece = Math.min(left, pageBytes[i]);
            stored[i] = piece;
            if (piece > 0) {
                long address = ReceiveDescriptor.word(page, at + 8 + Long.BYTES * i);
                latePs = Math.max(latePs, store(address, bytes, from, piece));
                from += piece;
                left -= piece;
            }
        }
        return latePs;
    }

    private void writeBack(byte[] page, int at) {
        if (split) {
            writeExtended(page, at);
            writeSplit(page, at);
        } else if (extended) {
            writeExtended(page, at);
        } else {
            writeLegacy(page, at);
        }
    }

    /** Length of the header that goes alone to the header buffer, or 0. */
    private int splitLength(FrameLayout layout) {
        int header = layout.headerLength();
        boolean apart = header <= headerBytes && (splitsFragments || !layout.isFragment());
        return apart ? header : 0;
    }

    private void writeExtended(byte[] page, int at) {
        ReceiveDescriptor.setWord(page, at, flow);
        ReceiveDescriptor.setWord(page, at + 8, (bits & LOW) | (long) firstBytes << 32 | (long) tag << 48);
    }

    private void writeSplit(byte[] page, int at) {
        int status = splitBytes > 0 ? ReceiveDescriptor.HEADER_SPLIT | splitBytes : 0;
        ReceiveDescriptor.setWord(
                page, at + 16, status | (long) stored[0] << 16 | (long) stored[1] << 32 | (long) stored[2] << 48);
        ReceiveDescriptor.setWord(page, at + 24, 0);
    }

    private void writeLegacy(byte[] page, int at) {
        long status = (bits & 0xff) | bits >>> ReceiveDescriptor.ERROR_SHIFT << Byte.SIZE;
        ReceiveDescriptor.setWord(page, at + 8, firstBytes | status << 32 | (long) tag << 48);
    }

    private static int plainBytes(int control) {
        int size = LARGEST_PLAIN >> (control >>> PortRegister.RCTL_BSIZE_SHIFT & 3);
        return (control & PortRegister.RCTL_BSEX) != 0 ? size << LARGE_SHIFT : size;
    }
}
