package org.ioatlab.kernel.net;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.nic.HashType;
import org.ioatlab.hardware.nic.ReceiveDescriptor;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * A ring whose frames lie whole in one slab buffer each. Small ones are copied into a fresh small buffer and the large one used again. With one
 * queue the descriptors are legacy ones, which carry no flow hash; several queues need extended ones.
 */
final class PlainReceiveRing extends ReceiveRing {
    /** Frames up to this length are copied (the driver's copybreak). */
    static final int COPYBREAK_BYTES = 256;

    private static final int LENGTH_MASK = 0xffff;
    private static final int LEGACY_ERRORS_SHIFT = 40;

    private final boolean extended;

    PlainReceiveRing(E1000Driver driver, int queue, Processor processor, long ring, boolean extended) {
        super(
                driver,
                queue,
                processor,
                ring,
                ReceiveDescriptor.PLAIN_BYTES,
                bufferBytes(driver.settings()) + DATA_OFFSET);
        this.extended = extended;
    }

    /** Bytes of a buffer: exactly the longest frame with the usual MTU, beyond that the controller's next size. */
    static int bufferBytes(NicSettings settings) {
        int longest = settings.longestFrame() + 4;
        return longest <= 1522 ? 1522 : Math.max(2048, Integer.highestOneBit(longest - 1) << 1);
    }

    @Override
    long doneBit() {
        return extended ? ReceiveDescriptor.DONE : (long) ReceiveDescriptor.DONE << Integer.SIZE;
    }

    @Override
    Symbol cleanSymbol() {
        return Symbol.E1000_CLEAN_RX_IRQ;
    }

    @Override
    Symbol fillSymbol() {
        return Symbol.E1000_ALLOC_RX_BUFFERS;
    }

    @Override
    SocketBuffer clean(int slot, byte[] page, int at, Processor on) {
        long first = ReceiveDescriptor.word(page, at);
        long second = ReceiveDescriptor.word(page, at + 8);
        int length = extended ? extendedLength(second) : (int) second & LENGTH_MASK;
        SocketBuffer copy = length <= COPYBREAK_BYTES ? copyOf(slot, length, on) : null;
        SocketBuffer packet = copy == null ? take(slot, length) : copy;
        if (extended) {
            describe(packet, first, second);
            driver.counters().judge(packet, (int) second, false);
        } else {
            int status = (int) (second >>> Integer.SIZE) & 0xff;
            int errors = (int) (second >>> LEGACY_ERRORS_SHIFT) & 0xff;
            packet.hashType = HashType.NONE;
            packet.hash = 0;
            packet.vlanTag = tag(status, second);
            driver.counters().judge(packet, status | errors << ReceiveDescriptor.ERROR_SHIFT, false);
        }
        return packet;
    }

    @Override
    boolean fill(int slot, byte[] page, int at, Processor on) {
        if (!ensureBuffer(slot, on)) {
            return false;
        }
        ReceiveDescriptor.setWord(page, at, buffersAt[slot] + DATA_OFFSET);
        ReceiveDescriptor.setWord(page, at + 8, 0);
        return true;
    }

    @Override
    void freeExtra(int slot, Processor on) {}

    /** The frame in a buffer of its own size, or null when memory is exhausted. */
    private @Nullable SocketBuffer copyOf(int slot, int length, Processor on) {
        SocketBuffer copy = buffers.allocate(length + DATA_OFFSET, on);
        if (copy != null) {
            long source = buffersAt[slot] + DATA_OFFSET;
            on.copy(Symbol.MEMCPY, MemoryUse.PAYLOAD, copy.dataAddress(), MemoryUse.PAYLOAD, source, length);
            memory.copy(copy.dataAddress(), source, length);
            copy.linear = length;
        }
        return copy;
    }
}
