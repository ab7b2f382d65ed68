package org.ioatlab.hardware.nic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.memory.BusTraffic;
import org.ioatlab.hardware.memory.MemorySystem;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.Observation;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;

/** A port with a driver's hands on its registers: rings and buffers lie at fixed addresses, and interrupts are written down. */
final class PortWorld {
    static final long OWN = 0x02_00_00_00_00_01L;
    static final long BROADCAST = 0xffff_ffff_ffffL;
    static final int BUFFER_BYTES = 0x4000;

    private static final long RINGS = 0x10_0000;
    private static final long BUFFERS = 0x20_0000;
    private static final long RING_BYTES = 0x1000;
    private static final int DESCRIPTORS = 64;

    final EventLoop loop = new EventLoop();
    final PhysicalMemory memory = new PhysicalMemory(4096);
    final Link link = new Link(loop, 1000);
    final NetworkPort port;
    final List<Long> interrupts = new ArrayList<>();

    PortWorld() {
        this(0);
    }

    /** @param busBytes how many bytes the memory bus takes in a microsecond, 0 for any number */
    PortWorld(int busBytes) {
        BusMaster bus = busBytes == 0 ? new BusMaster(memory, loop) : bus(busBytes);
        port = new NetworkPort(loop, 0, bus, link, new Observation(1).capture(0));
        port.onInterrupt(message -> interrupts.add(loop.nowPs()));
        write(PortRegister.RAL, 0x0000_0002);
        write(PortRegister.RAH, 0x0000_0100 | PortRegister.RAH_AV);
        write(PortRegister.CTRL, PortRegister.CTRL_SLU);
    }

    /** A bus whose slots of 4096 cycles last a microsecond. */
    private BusMaster bus(long megabytesPerSecond) {
        Frequency frequency = new Frequency(4096);
        Platform platform = Platform.load("xeon-e7520")
                .with(Map.of(
                        "cpuFrequencyMhz", frequency.megahertz(), "memoryBusMegabytesPerSecond", megabytesPerSecond));
        MemorySystem system = new MemorySystem(platform, new CpuTopology(1, 1, 1).caches(1), 4096);
        return new BusMaster(memory, BusTraffic.NIC, loop, frequency, system);
    }

    /** Writes a register; it arrives at once. */
    PortWorld write(int offset, int value) {
        port.write(offset, 4, value, loop.nowPs());
        loop.run(loop.nowPs(), Long.MAX_VALUE, false);
        return this;
    }

    int read(int offset) {
        return (int) port.read(offset, 4);
    }

    /** Gives queue {@code queue} a ring of 64 plain descriptors, of which the first {@code buffers} may be used. */
    PortWorld plainRing(int queue, int buffers) {
        for (int i = 0; i < DESCRIPTORS; i++) {
            memory.writeLong(descriptor(queue, i, 16), buffer(queue, i));
        }
        return ring(queue, 16, buffers);
    }

    /** The same with packet-split descriptors: header buffer, and one page. */
    PortWorld splitRing(int queue, int buffers) {
        for (int i = 0; i < DESCRIPTORS; i++) {
            long at = descriptor(queue, i, 32);
            memory.writeLong(at, buffer(queue, i));
            memory.writeLong(at + 8, buffer(queue, i) + 0x1000);
            memory.writeLong(at + 16, ReceiveDescriptor.NO_BUFFER);
            memory.writeLong(at + 24, ReceiveDescriptor.NO_BUFFER);
        }
        return ring(queue, 32, buffers);
    }

    private PortWorld ring(int queue, int descriptorBytes, int buffers) {
        int at = queue * PortRegister.QUEUE_STRIDE;
        write(PortRegister.RDBAL + at, (int) descriptor(queue, 0, descriptorBytes));
        write(PortRegister.RDLEN + at, DESCRIPTORS * descriptorBytes);
        return write(PortRegister.RDT + at, buffers);
    }

    PortWorld receiver(int bits) {
        return write(PortRegister.RCTL, PortRegister.RCTL_EN | PortRegister.RCTL_BAM | bits);
    }

    long word(int queue, int index, int descriptorBytes, int offset) {
        return memory.readLong(descriptor(queue, index, descriptorBytes) + offset);
    }

    byte[] stored(int queue, int index, int offset, int length) {
        byte[] bytes = new byte[length];
        memory.read(buffer(queue, index) + offset, bytes, 0, length);
        return bytes;
    }

    PortWorld send(byte[]... frames) {
        FrameBatch batch = new FrameBatch();
        for (byte[] frame : frames) {
            batch.addUnpadded(frame, 0, frame.length, 0);
        }
        link.attach(batch);
        loop.run(EventLoop.HORIZON_PS, Long.MAX_VALUE, true);
        return this;
    }

    static byte[] frame(long destination, int length) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (i < 6 ? destination >>> (40 - 8 * i) : i);
        }
        frame[12] = 0x08;
        frame[13] = 0x42;
        return frame;
    }

    private static long descriptor(int queue, int index, int descriptorBytes) {
        return RINGS + queue * RING_BYTES + (long) index * descriptorBytes;
    }

    private static long buffer(int queue, int index) {
        return BUFFERS + (long) (queue * DESCRIPTORS + index) * BUFFER_BYTES;
    }
}
