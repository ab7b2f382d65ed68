package org.ioatlab.hardware.nic;

import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.ChecksumStatus;
import org.ioatlab.wire.ChecksumVerifier;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameLayout;

/**
 * The way of a frame through the controller: address filter, checksums, flow hash, header split, and the descriptor of its queue. A frame
 * that finds no descriptor waits in the packet buffer, and those behind it wait with it; so does one for which the memory bus has no room
 * yet: its descriptor is written back when the bus has taken its last byte.
 */
final class ReceiveUnit implements Link.Receiver {
    /** Learns which queue has stored a frame. */
    interface Output {
        void stored(int queue);
    }

    private static final int LONGEST_USUAL = 1522;

    private final EventLoop loop;
    private final Output output;
    private final PortStatistics statistics;
    private final WriteBack writeBack = new WriteBack();
    private final AddressFilter filter = new AddressFilter();
    private final FlowSteering steering = new FlowSteering();
    private final PacketBuffer waiting = new PacketBuffer();
    private final ReceiveQueue[] queues = new ReceiveQueue[NetworkPort.QUEUES];
    private final FrameLayout layout = new FrameLayout();
    private final DescriptorWriter writer;
    private final VlanStripper stripper = new VlanStripper();
    private int control;
    private int filterControl;
    private int checksumControl;
    private int splitControl;
    private int longestControl;
    private int longest = LONGEST_USUAL;
    private boolean stripsTags;
    private int queueWrittenBack;

    /** The bus has taken the first waiting frame. */
    private final class WriteBack extends Event {
        @Override
        protected void fire() {
            finishFirst();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("rx write-back");
            hash.put(queueWrittenBack);
            writer.hashInto(hash);
        }
    }

    ReceiveUnit(EventLoop loop, BusMaster memory, PortStatistics statistics, Output output) {
        this.loop = loop;
        this.statistics = statistics;
        this.output = output;
        writer = new DescriptorWriter(memory);
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new ReceiveQueue(memory.bytes());
        }
    }

    AddressFilter filter() {
        return filter;
    }

    FlowSteering steering() {
        return steering;
    }

    ReceiveQueue queue(int index) {
        return queues[index];
    }

    PacketBuffer packetBuffer() {
        return waiting;
    }

    int read(int offset) {
        return switch (offset) {
            case PortRegister.RCTL -> control;
            case PortRegister.RFCTL -> filterControl;
            case PortRegister.RXCSUM -> checksumControl;
            case PortRegister.PSRCTL -> splitControl;
            case PortRegister.RLPML -> longestControl;
            default -> 0;
        };
    }

    void write(int offset, int value) {
        switch (offset) {
            case PortRegister.RCTL -> setControl(value);
            case PortRegister.RFCTL -> filterControl = value;
            case PortRegister.RXCSUM -> checksumControl = value;
            case PortRegister.PSRCTL -> splitControl = value;
            case PortRegister.RLPML -> longestControl = value;
            default -> {}
        }
        configure();
    }

    void setTagStripping(boolean on) {
        stripsTags = on;
    }

    /** A queue has got descriptors, or the bus is free. */
    void drain() {
        while (!writeBack.isPending()
                && !waiting.isEmpty()
                && store(waiting.bytes(), waiting.firstOffset(), waiting.firstLength())) {
            waiting.removeFirst();
        }
    }

    @Override
    public void frameArrived(byte[] bytes, int offset, int length) {
        if ((control & PortRegister.RCTL_EN) == 0) {
            statistics.disabled++;
        } else if (length < Ethernet.MIN_FRAME_LENGTH) {
            statistics.tooShort++;
        } else if (!filter.accepts(bytes, offset)) {
            statistics.filtered++;
        } else if (length + Ethernet.FCS_LENGTH > longest) {
            statistics.tooLong++;
        } else if (!waiting.isEmpty() || !store(bytes, offset, length)) {
            hold(bytes, offset, length);
        }
    }

    void hashInto(StateHash hash) {
        hash.put(control);
        hash.put(filterControl);
        hash.put(checksumControl);
        hash.put(splitControl);
        hash.put(longestControl);
        hash.put(stripsTags);
        filter.hashInto(hash);
        steering.hashInto(hash);
        waiting.hashInto(hash);
        for (ReceiveQueue queue : queues) {
            queue.hashInto(hash);
        }
    }

    private void setControl(int value) {
        control = value;
        filter.control(value);
        if ((value & PortRegister.RCTL_EN) == 0) {
            statistics.missed += waiting.frames();
            waiting.clear();
            loop.cancel(writeBack);
        }
    }

    private void configure() {
        writer.configure(control, filterControl, splitControl, (checksumControl & PortRegister.RXCSUM_PCSD) != 0);
        for (ReceiveQueue queue : queues) {
            queue.setDescriptorBytes(writer.descriptorBytes());
        }
        boolean large = (control & PortRegister.RCTL_LPE) != 0;
        int allowed = large ? Math.min(longestControl, PacketBuffer.LONGEST_FRAME) : LONGEST_USUAL;
        longest = Math.min(allowed, writer.bufferBytes() + Ethernet.FCS_LENGTH);
    }

    private void hold(byte[] bytes, int offset, int length) {
        statistics.noBuffer += writeBack.isPending() ? 0 : 1;
        if (!waiting.offer(bytes, offset, length)) {
            statistics.missed++;
        }
    }

    /** Stores a frame into its queue; false if that has no descriptor, or the bus isn't done with it yet. */
    private boolean store(byte[] bytes, int offset, int length) {
        layout.parse(bytes, offset, length);
        int number = steering.steer(bytes, layout);
        if (!queues[number].exists()) {
            number = 0;
        }
        ReceiveQueue queue = queues[number];
        if (queue.available() == 0) {
            return false;
        }
        writer.flow(steering.type(), number, steering.hash());
        long latePs = stripsTags && layout.hasVlanTag()
                ? deliverStripped(queue, bytes, offset, length)
                : writer.write(queue, bytes, layout, checksums(bytes), 0);
        if (latePs > 0) {
            queueWrittenBack = number;
            loop.scheduleAfter(writeBack, latePs);
            return false;
        }
        finish(number, bytes, offset, length);
        return true;
    }

    private long deliverStripped(ReceiveQueue queue, byte[] bytes, int offset, int length) {
        byte[] stripped = stripper.strip(bytes, offset, length);
        int tag = layout.vlanTag();
        layout.parse(stripped, 0, length - Ethernet.VLAN_TAG_LENGTH);
        return writer.write(queue, stripped, layout, ReceiveDescriptor.VLAN_PACKET | checksums(stripped), tag);
    }

    private void finishFirst() {
        writer.writeBack(queues[queueWrittenBack]);
        finish(queueWrittenBack, waiting.bytes(), waiting.firstOffset(), waiting.firstLength());
        waiting.removeFirst();
        drain();
    }

    /** A frame is in memory, and so is its descriptor. */
    private void finish(int queue, byte[] bytes, int offset, int length) {
        queues[queue].advance();
        count(queue, bytes, offset, length);
        output.stored(queue);
    }

    private void count(int queue, byte[] bytes, int offset, int length) {
        statistics.packets++;
        statistics.bytes += length;
        statistics.queuePackets[queue]++;
        statistics.queueBytes[queue] += length;
        if ((bytes[offset] & 1) != 0) {
            countGroup(Ethernet.destination(bytes, offset));
        }
    }

    private void countGroup(long destination) {
        if (destination == AddressFilter.BROADCAST) {
            statistics.broadcast++;
        } else {
            statistics.multicast++;
        }
    }

    /** The status and error bits of a frame's checksums. */
    private int checksums(byte[] bytes) {
        boolean ip = (checksumControl & PortRegister.RXCSUM_IPOFLD) != 0;
        boolean transport = (checksumControl & PortRegister.RXCSUM_TUOFLD) != 0;
        int bits = (ip ? ipChecksum(bytes) : 0) | (transport ? transportChecksum(bytes) : 0);
        return bits == 0 ? ReceiveDescriptor.IGNORE_CHECKSUM : bits;
    }

    private int ipChecksum(byte[] bytes) {
        return bits(
                ChecksumVerifier.ipv4Header(bytes, layout), ReceiveDescriptor.IP_CHECKSUM, ReceiveDescriptor.IP_ERROR);
    }

    private int transportChecksum(byte[] bytes) {
        return bits(
                ChecksumVerifier.transport(bytes, layout),
                layout.isTcp() ? ReceiveDescriptor.TCP_CHECKSUM : ReceiveDescriptor.UDP_CHECKSUM,
                ReceiveDescriptor.TRANSPORT_ERROR);
    }

    private static int bits(ChecksumStatus status, int computed, int error) {
        return switch (status) {
            case GOOD -> computed;
            case BAD -> computed | error;
            case NOT_CHECKED -> 0;
        };
    }
}
