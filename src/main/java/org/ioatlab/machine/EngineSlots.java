package org.ioatlab.machine;

import org.ioatlab.hardware.dma.CopyEngine;
import org.ioatlab.hardware.dma.EngineTiming;
import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.pci.PciBus;
import org.ioatlab.observe.Timeline;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;

/** Where copy engines are plugged in: bus 0 from device 8 on, where the 5000 series has its own. */
final class EngineSlots implements PciFace.EngineFactory {
    private static final int FIRST_DEVICE = 8;
    private static final long FIRST_BASE_ADDRESS = 0xfe70_0000L;
    private static final long BASE_ADDRESS_STEP = 0x1_0000L;

    private final MachineSpec spec;
    private final EventLoop loop;
    private final PciBus bus;
    private final BusMaster memory;
    private final EngineTiming timing;
    private final Timeline timeline;
    private final SeededRandom random;
    private int created;

    EngineSlots(
            MachineSpec spec, EventLoop loop, PciBus bus, BusMaster memory, EngineTiming timing, Timeline timeline) {
        this.spec = spec;
        this.loop = loop;
        this.bus = bus;
        this.memory = memory;
        this.timing = timing;
        this.timeline = timeline;
        random = SeededRandom.forPart(spec.seed(), "engine");
    }

    @Override
    public CopyEngine create(int channels) {
        int device = FIRST_DEVICE;
        while (bus.find(address(device)) != null) {
            device++;
        }
        return new CopyEngine(
                loop,
                address(device),
                FIRST_BASE_ADDRESS + (device - FIRST_DEVICE) * BASE_ADDRESS_STEP,
                memory,
                channels,
                spec.dma().transferCapBytes(),
                timing,
                random,
                timeline,
                Timeline.FIRST_DEVICE_TRACK + 100 * created++);
    }

    void hashInto(StateHash hash) {
        random.hashInto(hash);
        hash.put(created);
    }

    private static String address(int device) {
        return "0000:00:%02x.0".formatted(device);
    }
}
