package org.ioatlab.hardware.nic;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.time.StateHash;

/**
 * One receive descriptor ring as the controller sees it: base, length, and the descriptors from head up to, not including, tail that are
 * its own.
 */
final class ReceiveQueue {
    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;

    private final PhysicalMemory memory;
    private int baseLow;
    private int baseHigh;
    private int lengthBytes;
    private int head;
    private int tail;
    private int descriptorBytes = ReceiveDescriptor.PLAIN_BYTES;
    private int count;

    ReceiveQueue(PhysicalMemory memory) {
        this.memory = memory;
    }

    int read(int register) {
        return switch (register) {
            case PortRegister.RDBAL -> baseLow;
            case PortRegister.RDBAH -> baseHigh;
            case PortRegister.RDLEN -> lengthBytes;
            case PortRegister.RDH -> head;
            case PortRegister.RDT -> tail;
            default -> 0;
        };
    }

    void write(int register, int value) {
        switch (register) {
            case PortRegister.RDBAL -> baseLow = value;
            case PortRegister.RDBAH -> baseHigh = value;
            case PortRegister.RDLEN -> lengthBytes = value;
            case PortRegister.RDH -> head = value;
            case PortRegister.RDT -> tail = value;
            default -> {}
        }
        count = lengthBytes / descriptorBytes;
    }

    void setDescriptorBytes(int bytes) {
        descriptorBytes = bytes;
        count = lengthBytes / bytes;
    }

    /** Whether the ring lies in memory at all. */
    boolean exists() {
        return count > 0;
    }

    /** How many descriptors the controller may use. */
    int available() {
        int free = tail - head;
        return free < 0 ? free + count : free;
    }

    /** Physical address of the descriptor that is used next. */
    long headAddress() {
        return (Integer.toUnsignedLong(baseLow) | (long) baseHigh << 32) + (long) head * descriptorBytes;
    }

    /** The page that the next descriptor lies in, for reading and writing. */
    byte[] headPage(long address) {
        return memory.write((int) (address >> PhysicalMemory.PAGE_SHIFT));
    }

    static int withinPage(long address) {
        return (int) address & PAGE_MASK;
    }

    void advance() {
        int next = head + 1;
        head = next == count ? 0 : next;
    }

    void hashInto(StateHash hash) {
        hash.put(baseLow);
        hash.put(baseHigh);
        hash.put(lengthBytes);
        hash.put(head);
        hash.put(tail);
    }
}
