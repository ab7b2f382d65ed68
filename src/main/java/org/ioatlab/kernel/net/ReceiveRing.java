package org.ioatlab.kernel.net;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.nic.HashType;
import org.ioatlab.hardware.nic.PortRegister;
import org.ioatlab.hardware.nic.ReceiveDescriptor;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.kernel.mm.SlabCache;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/**
 * The driver's side of one receive queue: the descriptor ring in memory and the buffer of each descriptor. One packet is cleaned and one
 * buffer put in at a time; the controller learns of new buffers {@link #REFILL_BATCH} at a time, or when there is no more to clean.
 */
abstract class ReceiveRing extends PollingDevice {
    /** Buffers handed over by one write of the tail register (E1000_RX_BUFFER_WRITE). */
    static final int REFILL_BATCH = 16;

    /** Where a frame begins in a buffer's memory. */
    static final int DATA_OFFSET = SocketBuffers.HEADROOM + SocketBuffers.IP_ALIGN;

    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;
    private static final int LENGTH_MASK = 0xffff;

    /** A refill that failed is made up for at this many buffers a packet. */
    private static final int REFILL_PER_PACKET = 2;

    final E1000Driver driver;
    final SocketBuffers buffers;
    final PhysicalMemory memory;
    final int bufferSize;
    final long[] structs;
    final long[] buffersAt;
    private final int queue;
    private final Processor processor;
    private final int descriptorBytes;
    private final int count;
    private final int registers;
    private final long descriptorCycles;
    private final long refillCycles;
    private final long pollCycles;
    private final long ring;
    private int toClean;
    private int toUse;
    private int unannounced;
    private boolean scheduled;
    private boolean called;

    /**
     * @param ring physical address of the descriptors
     * @param bufferSize bytes of a socket buffer's data, headroom included
     */
    ReceiveRing(E1000Driver driver, int queue, Processor processor, long ring, int descriptorBytes, int bufferSize) {
        super(driver.weight());
        this.driver = driver;
        this.queue = queue;
        this.processor = processor;
        this.ring = ring;
        this.descriptorBytes = descriptorBytes;
        this.bufferSize = bufferSize;
        buffers = driver.buffers();
        memory = buffers.memory().bytes();
        count = driver.settings().ringSize();
        registers = queue * PortRegister.QUEUE_STRIDE;
        structs = new long[count];
        buffersAt = new long[count];
        descriptorCycles = driver.platform().get(Parameter.RECEIVE_DESCRIPTOR_CYCLES);
        pollCycles = driver.platform().get(Parameter.POLL_CYCLES);
        refillCycles = driver.platform().get(Parameter.REFILL_DESCRIPTOR_CYCLES);
    }

    /** Makes a packet of a finished descriptor's buffers, or null if it was dropped. Charges what is special to the format. */
    abstract SocketBuffer clean(int slot, byte[] page, int at, Processor on);

    /** Provides a descriptor's buffers and writes its addresses; false when memory is exhausted. */
    abstract boolean fill(int slot, byte[] page, int at, Processor on);

    /** Where a descriptor's second word tells that it is finished. */
    abstract long doneBit();

    abstract Symbol cleanSymbol();

    abstract Symbol fillSymbol();

    /** Frees a slot's buffers besides structure and data. */
    abstract void freeExtra(int slot, Processor on);

    final int queue() {
        return queue;
    }

    final Processor processor() {
        return processor;
    }

    final long address() {
        return ring;
    }

    final int lengthBytes() {
        return count * descriptorBytes;
    }

    final int count() {
        return count;
    }

    /** How many descriptors have a buffer that the controller may fill or has filled. */
    final int filled() {
        int filled = toUse - toClean;
        return filled < 0 ? filled + count : filled;
    }

    final boolean isShort() {
        return filled() < count - 1;
    }

    final boolean isScheduled() {
        return scheduled;
    }

    final void setScheduled(boolean on) {
        scheduled = on;
    }

    /** Whether its processor has been called to poll it and hasn't begun. */
    final boolean isCalled() {
        return called;
    }

    final void setCalled(boolean on) {
        called = on;
    }

    /** How many finished descriptors haven't been cleaned. */
    final int finished() {
        int finished = 0;
        for (int slot = toClean; slot != toUse && isDone(slot); slot = next(slot)) {
            finished++;
        }
        return finished;
    }

    @Override
    protected final boolean poll(Processor on) {
        int slot = toClean;
        long address = ring + (long) slot * descriptorBytes;
        byte[] page = memory.write((int) (address >> PhysicalMemory.PAGE_SHIFT));
        int at = (int) address & PAGE_MASK;
        on.read(cleanSymbol(), MemoryUse.DESCRIPTOR, address, descriptorBytes);
        if (slot == toUse || (ReceiveDescriptor.word(page, at + 8) & doneBit()) == 0) {
            on.spend(Symbol.E1000_CLEAN, pollCycles);
            refill(Integer.MAX_VALUE, on);
            announce(on);
            return false;
        }
        on.spend(cleanSymbol(), descriptorCycles);
        toClean = next(slot);
        SocketBuffer packet = clean(slot, page, at, on);
        packet.queue = queue;
        driver.receive(packet, on);
        refill(REFILL_PER_PACKET, on);
        if (unannounced >= REFILL_BATCH) {
            announce(on);
        }
        return true;
    }

    /** The port's only transmit ring is cleaned with the first receive ring. */
    @Override
    protected final boolean reclaim(Processor on) {
        return queue == 0 && driver.cleanTransmit(on);
    }

    @Override
    protected final void complete(Processor on) {
        scheduled = false;
        driver.leavePolling(this, on);
    }

    /** Gives every descriptor a buffer and tells the controller. */
    final void fillAll(Processor on) {
        refill(Integer.MAX_VALUE, on);
        announce(on);
    }

    /** Frees all buffers and the ring itself. */
    final void release(Processor on) {
        for (int slot = 0; slot < count; slot++) {
            if (buffersAt[slot] != SlabCache.NO_OBJECT) {
                buffers.freeData(buffersAt[slot], on);
                buffers.freeStruct(structs[slot], on);
                buffersAt[slot] = SlabCache.NO_OBJECT;
            }
            freeExtra(slot, on);
        }
        buffers.memory().free(ring, on);
    }

    /** Feeds indices and buffers. */
    void hashInto(StateHash hash) {
        hash.put(ring);
        hash.put(toClean);
        hash.put(toUse);
        hash.put(unannounced);
        hash.put(scheduled);
        hash.put(called);
        for (int slot = 0; slot < count; slot++) {
            hash.put(structs[slot]);
            hash.put(buffersAt[slot]);
        }
    }

    /** Takes the slot's structure and data as a packet with {@code length} bytes in its linear part. */
    final SocketBuffer take(int slot, int length) {
        SocketBuffer packet = buffers.assemble(structs[slot], buffersAt[slot], bufferSize);
        buffersAt[slot] = SlabCache.NO_OBJECT;
        packet.linear = length;
        return packet;
    }

    /** Makes sure that the slot has structure and data; false when memory is exhausted. */
    final boolean ensureBuffer(int slot, Processor on) {
        if (buffersAt[slot] != SlabCache.NO_OBJECT) {
            return true;
        }
        long struct = buffers.allocateStruct(on);
        if (struct == SlabCache.NO_OBJECT) {
            return false;
        }
        long data = buffers.allocateData(bufferSize, on);
        if (data == SlabCache.NO_OBJECT) {
            buffers.freeStruct(struct, on);
            return false;
        }
        structs[slot] = struct;
        buffersAt[slot] = data;
        return true;
    }

    /** Reads the first two words of an extended or packet-split descriptor. */
    static void describe(SocketBuffer packet, long first, long second) {
        packet.hashType = HashType.of((int) first & ReceiveDescriptor.HASH_TYPE_MASK);
        packet.hash = (int) (first >>> Integer.SIZE);
        packet.vlanTag = tag((int) second, second);
    }

    static int tag(int status, long second) {
        return (status & ReceiveDescriptor.VLAN_PACKET) != 0 ? (int) (second >>> 48) : SocketBuffer.NO_TAG;
    }

    static int extendedLength(long second) {
        return (int) (second >>> Integer.SIZE) & LENGTH_MASK;
    }

    private boolean isDone(int slot) {
        return (memory.readLong(ring + (long) slot * descriptorBytes + 8) & doneBit()) != 0;
    }

    private int next(int slot) {
        int next = slot + 1;
        return next == count ? 0 : next;
    }

    private void refill(int most, Processor on) {
        for (int filled = 0; filled < most && next(toUse) != toClean; filled++) {
            long address = ring + (long) toUse * descriptorBytes;
            byte[] page = memory.write((int) (address >> PhysicalMemory.PAGE_SHIFT));
            on.spend(fillSymbol(), refillCycles);
            on.write(fillSymbol(), MemoryUse.DESCRIPTOR, address, descriptorBytes);
            if (!fill(toUse, page, (int) address & PAGE_MASK, on)) {
                driver.counters().refillFailed();
                return;
            }
            toUse = next(toUse);
            unannounced++;
        }
    }

    /** The tail register names the last descriptor with a buffer, so one of them is always left over. */
    private void announce(Processor on) {
        if (unannounced > 0) {
            unannounced = 0;
            driver.writeRegister(PortRegister.RDT + registers, toUse == 0 ? count - 1 : toUse - 1, fillSymbol(), on);
        }
    }
}
