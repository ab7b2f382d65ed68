package org.ioatlab.hardware.memory;

import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.jspecify.annotations.Nullable;

/** A device's way to memory: the bytes, and the caches and the bus that notice what it does to them. */
public final class BusMaster {
    private final PhysicalMemory bytes;
    private final BusTraffic traffic;
    private final EventLoop loop;
    private final Frequency frequency;
    private final @Nullable MemorySystem system;
    private long convertedPs;
    private long convertedCycles;

    /** A device of a machine. */
    public BusMaster(
            PhysicalMemory bytes, BusTraffic traffic, EventLoop loop, Frequency frequency, MemorySystem system) {
        this.bytes = bytes;
        this.traffic = traffic;
        this.loop = loop;
        this.frequency = frequency;
        this.system = system;
    }

    /** A device by itself: nobody notices. */
    public BusMaster(PhysicalMemory bytes, EventLoop loop) {
        this.bytes = bytes;
        this.loop = loop;
        traffic = BusTraffic.NIC;
        frequency = new Frequency(1);
        system = null;
    }

    /** The bytes. */
    public PhysicalMemory bytes() {
        return bytes;
    }

    /** The present instant in cycles; a frame takes several transfers, and dividing takes the host longer than the rest. */
    private long now() {
        if (convertedPs != loop.nowPs()) {
            convertedPs = loop.nowPs();
            convertedCycles = frequency.cyclesAtOrAfter(convertedPs);
        }
        return convertedCycles;
    }

    /**
     * Bytes are written, from the present instant on.
     *
     * @return picoseconds until the bus has had room for them, 0 when it isn't full
     */
    public long writes(long address, int length) {
        return system == null ? 0 : picoseconds(system.deviceWrites(traffic, address, length, now(), 0));
    }

    /** Bytes are read; the same. */
    public long reads(long address, int length) {
        return system == null ? 0 : picoseconds(system.deviceReads(traffic, address, length, now(), 0));
    }

    private long picoseconds(long cycles) {
        return cycles == 0 ? 0 : frequency.picoseconds(now() + cycles) - loop.nowPs();
    }

    /**
     * Bytes are copied in a transfer that began at {@code beganPs} and would now be over.
     *
     * @return picoseconds that it lasts longer because the bus is full
     */
    public long copies(long target, long source, int length, long beganPs) {
        if (system == null) {
            return 0;
        }
        long began = frequency.cyclesAtOrAfter(beganPs);
        long duration = now() - began;
        long reading = system.deviceReads(traffic, source, length, began, duration);
        long writing = system.deviceWrites(traffic, target, length, began, duration);
        return frequency.picoseconds(Math.max(reading, writing));
    }
}
