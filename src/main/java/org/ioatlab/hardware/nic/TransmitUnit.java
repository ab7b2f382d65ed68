package org.ioatlab.hardware.nic;

import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;

/**
 * The way of a packet out of the controller: descriptors from memory, frames built of their pieces, one after the other onto the wire. A
 * packet begins when all of it has been handed over, and its descriptors are written back when its last frame has left.
 */
final class TransmitUnit implements Uplink.Sender {
    private static final int NONE = -1;

    /** Learns what leaves. */
    interface Output {
        /** A frame has left. */
        void sent(byte[] bytes, int length);

        /** Descriptors that asked for it have been written back. */
        void reported();
    }

    private final EventLoop loop;
    private final BusMaster bus;
    private final PhysicalMemory memory;
    private final PortStatistics statistics;
    private final Output output;
    private final Uplink uplink;
    private final FrameAssembler assembler;
    private int control;
    private int baseLow;
    private int baseHigh;
    private int lengthBytes;
    private int head;
    private int tail;
    private int count;
    private int last = NONE;

    TransmitUnit(EventLoop loop, BusMaster bus, long psPerByte, PortStatistics statistics, Output output) {
        this.loop = loop;
        this.bus = bus;
        memory = bus.bytes();
        this.statistics = statistics;
        this.output = output;
        uplink = new Uplink(loop, psPerByte, this);
        assembler = new FrameAssembler(bus);
    }

    Uplink uplink() {
        return uplink;
    }

    int read(int register) {
        return switch (register) {
            case PortRegister.TCTL -> control;
            case PortRegister.TDBAL -> baseLow;
            case PortRegister.TDBAH -> baseHigh;
            case PortRegister.TDLEN -> lengthBytes;
            case PortRegister.TDH -> head;
            case PortRegister.TDT -> tail;
            default -> 0;
        };
    }

    void write(int register, int value) {
        switch (register) {
            case PortRegister.TCTL -> setControl(value);
            case PortRegister.TDBAL -> baseLow = value;
            case PortRegister.TDBAH -> baseHigh = value;
            case PortRegister.TDLEN -> setLength(value);
            case PortRegister.TDH -> head = value;
            case PortRegister.TDT -> tail = value;
            default -> {}
        }
        pump(loop.nowPs());
    }

    @Override
    public void frameSent() {
        count(assembler.frame(), assembler.length());
        output.sent(assembler.frame(), assembler.length());
        if (last != NONE && !assembler.hasMore()) {
            finishPacket();
        }
        pump(uplink.startPs());
    }

    void hashInto(StateHash hash) {
        hash.put(control);
        hash.put(baseLow);
        hash.put(baseHigh);
        hash.put(lengthBytes);
        hash.put(head);
        hash.put(tail);
        hash.put(last);
        assembler.hashInto(hash);
        uplink.hashInto(hash);
    }

    private void setControl(int value) {
        control = value;
        assembler.setPadding((value & PortRegister.TCTL_PSP) != 0);
        if ((value & PortRegister.TCTL_EN) == 0) {
            uplink.takeBack();
            assembler.abandon();
            last = NONE;
        }
    }

    private void setLength(int bytes) {
        lengthBytes = bytes;
        count = bytes / TransmitDescriptor.BYTES;
    }

    private boolean isOn() {
        return (control & PortRegister.TCTL_EN) != 0 && head < count && tail < count;
    }

    /** Sends the next frame, whose bytes are read from {@code fromPs} on: while the one before is on the wire. */
    private void pump(long fromPs) {
        if (isOn() && !uplink.isBusy() && (assembler.hasMore() || beginPacket())) {
            assembler.build();
            uplink.send(assembler.frame(), assembler.length(), fromPs + assembler.latePs());
        }
    }

    /** Takes up the next whole packet; contexts before it are loaded, and what can't be sent is passed over. */
    private boolean beginPacket() {
        while (head != tail) {
            long second = memory.readLong(address(head) + Long.BYTES);
            if ((second & TransmitDescriptor.DATA) == 0) {
                bus.reads(address(head), TransmitDescriptor.BYTES);
                assembler.context().load(memory.readLong(address(head)), second);
                last = head;
                finishPacket();
            } else if (!isWhole()) {
                return false;
            } else if (assembler.begin(ringAddress(), count, head, packetLength())) {
                return true;
            } else {
                fail();
            }
        }
        return false;
    }

    /** Finds the packet's last descriptor; false if it hasn't been handed over. */
    private boolean isWhole() {
        for (int slot = head; slot != tail; slot = next(slot)) {
            if ((memory.readLong(address(slot) + Long.BYTES) & TransmitDescriptor.END_OF_PACKET) != 0) {
                last = slot;
                return true;
            }
        }
        last = NONE;
        return false;
    }

    private int packetLength() {
        int total = 0;
        for (int slot = head; ; slot = next(slot)) {
            bus.reads(address(slot), TransmitDescriptor.BYTES);
            total += (int) memory.readLong(address(slot) + Long.BYTES) & TransmitDescriptor.LENGTH_MASK;
            if (slot == last) {
                return total;
            }
        }
    }

    private void fail() {
        if (assembler.cuts()) {
            statistics.failedSegmentations++;
        } else {
            statistics.unsendable++;
        }
        finishPacket();
    }

    /** Writes back the descriptors up to the packet's last. */
    private void finishPacket() {
        boolean reported = false;
        int end = next(last);
        while (head != end) {
            long at = address(head) + Long.BYTES;
            long second = memory.readLong(at);
            if ((second & TransmitDescriptor.REPORT) != 0) {
                memory.writeLong(at, second | TransmitDescriptor.DONE);
                bus.writes(at, Long.BYTES);
                reported = true;
            }
            head = next(head);
        }
        last = NONE;
        if (reported) {
            output.reported();
        }
    }

    private void count(byte[] frame, int length) {
        statistics.sent(frame, length);
        if (assembler.cuts() && last != NONE && !assembler.hasMore()) {
            statistics.goodSegmentations++;
        }
    }

    private long ringAddress() {
        return Integer.toUnsignedLong(baseLow) | (long) baseHigh << Integer.SIZE;
    }

    private long address(int slot) {
        return ringAddress() + (long) slot * TransmitDescriptor.BYTES;
    }

    private int next(int slot) {
        int next = slot + 1;
        return next == count ? 0 : next;
    }
}
