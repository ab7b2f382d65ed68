package org.ioatlab.kernel.net;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.nic.PortRegister;
import org.ioatlab.hardware.nic.TransmitDescriptor;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The driver's side of the transmit queue: the descriptor ring in memory and the packets that its descriptors belong to. A packet takes a
 * descriptor for every piece, and a context before them when the controller has to put checksums in or cut segments.
 */
final class TransmitRing {
    /** Descriptors of the ring (E1000_DEFAULT_TXD). */
    static final int DESCRIPTORS = 256;

    /** Free descriptors at which the queue goes on (TX_WAKE_THRESHOLD). */
    static final int WAKE_DESCRIPTORS = 32;

    /** What one packet may take: all fragments, the linear part, a context. */
    static final int ROOM_DESCRIPTORS = SocketBuffer.LARGEST_FRAGMENTS + 2;

    /** Descriptors left between tail and head. */
    private static final int GAP = 2;

    /** The longest piece of one descriptor (E1000_MAX_DATA_PER_TXD). */
    private static final int PIECE_BYTES = 4096;

    private final E1000Driver driver;
    private final SocketBuffers buffers;
    private final PhysicalMemory memory;
    private final TransmitOffload offload;
    private final long ring;
    private final @Nullable SocketBuffer[] packets = new @Nullable SocketBuffer[DESCRIPTORS];
    private final int[] lastSlots = new int[DESCRIPTORS];
    private final long packetCycles;
    private final long descriptorCycles;
    private final CostList cleanCosts;
    private int toUse;
    private int toClean;

    /** @param ring physical address of the descriptors */
    TransmitRing(E1000Driver driver, long ring) {
        this.driver = driver;
        this.ring = ring;
        buffers = driver.buffers();
        memory = buffers.memory().bytes();
        offload = new TransmitOffload(memory);
        Platform platform = driver.platform();
        packetCycles = platform.get(Parameter.TRANSMIT_PACKET_CYCLES);
        descriptorCycles = platform.get(Parameter.TRANSMIT_DESCRIPTOR_CYCLES);
        cleanCosts = platform.functions()
                .add(Symbol.E1000_CLEAN_TX_IRQ, Parameter.TRANSMIT_CLEAN_CYCLES)
                .add(Symbol.E1000_UNMAP_AND_FREE_TX_RESOURCE, Parameter.UNMAP_TRANSMIT_CYCLES)
                .list();
    }

    long address() {
        return ring;
    }

    /** Descriptors that may be used. */
    int unused() {
        return Math.floorMod(toClean - toUse - 1, DESCRIPTORS);
    }

    boolean isEmpty() {
        return toClean == toUse;
    }

    /** Describes a packet to the controller ({@code e1000_xmit_frame}); false if the ring is too short for it. */
    boolean transmit(SocketBuffer packet, Processor on) {
        int needed = descriptorsFor(packet);
        if (unused() < needed + GAP) {
            return false;
        }
        on.spend(Symbol.E1000_XMIT_FRAME, packetCycles + needed * descriptorCycles);
        int first = toUse;
        long options = 0;
        if (offload.isWanted(packet)) {
            options = offload.prepare(packet);
            write(offload.first(), offload.second(), on);
        }
        int last = describe(packet, options, on);
        lastSlots[first] = last;
        packets[last] = packet;
        driver.writeRegister(PortRegister.TDT, toUse, Symbol.E1000_XMIT_FRAME, on);
        return true;
    }

    /** Frees the first packet if it has left ({@code e1000_clean_tx_irq}); false if it hasn't. */
    boolean clean(Processor on) {
        if (isEmpty()) {
            return false;
        }
        long last = address(lastSlots[toClean]);
        on.read(Symbol.E1000_CLEAN_TX_IRQ, MemoryUse.DESCRIPTOR, last, TransmitDescriptor.BYTES);
        if (!isDone(lastSlots[toClean])) {
            return false;
        }
        on.spend(cleanCosts);
        takeFirst(on);
        return true;
    }

    /** Frees all packets and the ring itself; answers how many of them hadn't left. */
    int release(Processor on) {
        int lost = 0;
        while (!isEmpty()) {
            if (!clean(on)) {
                takeFirst(on);
                lost++;
            }
        }
        buffers.memory().free(ring, on);
        return lost;
    }

    /** Feeds indices and packets; descriptors are memory's. */
    void hashInto(StateHash hash) {
        hash.put(ring);
        hash.put(toUse);
        hash.put(toClean);
        for (SocketBuffer packet : packets) {
            if (packet != null) {
                packet.hashInto(hash);
            }
        }
    }

    private int descriptorsFor(SocketBuffer packet) {
        int count = (offload.isWanted(packet) ? 1 : 0) + pieces(packet.linear);
        for (int i = 0; i < packet.fragments; i++) {
            count += pieces(packet.lengths[i]);
        }
        return count;
    }

    private static int pieces(int length) {
        return (length + PIECE_BYTES - 1) / PIECE_BYTES;
    }

    /** Writes the packet's data descriptors; answers the last one's slot. */
    private int describe(SocketBuffer packet, long options, Processor on) {
        long command = options | TransmitDescriptor.EXTENDED | TransmitDescriptor.DATA | TransmitDescriptor.INSERT_FCS;
        describe(packet.dataAddress(), packet.linear, command, on);
        for (int i = 0; i < packet.fragments; i++) {
            long page = (long) packet.pages[i] << PhysicalMemory.PAGE_SHIFT;
            describe(page + packet.offsets[i], packet.lengths[i], command, on);
        }
        int last = toUse == 0 ? DESCRIPTORS - 1 : toUse - 1;
        long at = address(last) + Long.BYTES;
        long end = TransmitDescriptor.END_OF_PACKET | TransmitDescriptor.REPORT;
        memory.writeLong(at, memory.readLong(at) | end);
        return last;
    }

    private void describe(long address, int length, long command, Processor on) {
        for (int done = 0; done < length; done += PIECE_BYTES) {
            write(address + done, command | Math.min(length - done, PIECE_BYTES), on);
        }
    }

    private void write(long first, long second, Processor on) {
        long at = address(toUse);
        on.write(Symbol.E1000_XMIT_FRAME, MemoryUse.DESCRIPTOR, at, TransmitDescriptor.BYTES);
        memory.writeLong(at, first);
        memory.writeLong(at + Long.BYTES, second);
        toUse = next(toUse);
    }

    private void takeFirst(Processor on) {
        int last = lastSlots[toClean];
        SocketBuffer packet = packets[last];
        packets[last] = null;
        toClean = next(last);
        if (packet != null) {
            buffers.free(packet, on);
        }
    }

    private boolean isDone(int slot) {
        return (memory.readLong(address(slot) + Long.BYTES) & TransmitDescriptor.DONE) != 0;
    }

    private long address(int slot) {
        return ring + (long) slot * TransmitDescriptor.BYTES;
    }

    private static int next(int slot) {
        return (slot + 1) % DESCRIPTORS;
    }
}
