package org.ioatlab.kernel.dmaengine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.dma.CopyEngine;
import org.ioatlab.hardware.pci.PciFunction;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.pci.PciDriver;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.time.StateHash;

/** The I/OAT driver: knows the copy engine, probes it, and offers its channels to the DMA subsystem. */
public final class IoatDriver implements PciDriver {
    final KernelMemory memory;
    final Processors processors;
    final DmaSubsystem subsystem;
    final Personality personality;
    final int firstCookie;
    final IoatCosts costs;

    private final List<String> log = new ArrayList<>();
    private int nextDevice;

    /** @param firstCookie the first cookie of each channel, 0 for the personality's own */
    public IoatDriver(
            KernelMemory memory,
            Processors processors,
            DmaSubsystem subsystem,
            Personality personality,
            int firstCookie,
            Platform platform) {
        this.memory = memory;
        this.processors = processors;
        this.subsystem = subsystem;
        this.personality = personality;
        this.firstCookie = firstCookie == 0 ? personality.firstCookie() : firstCookie;
        costs = IoatCosts.of(platform);
    }

    @Override
    public String name() {
        return "ioatdma";
    }

    @Override
    public boolean supports(PciFunction function) {
        return function instanceof CopyEngine;
    }

    @Override
    public Binding bind(PciFunction function) {
        return new IoatDevice(this, (CopyEngine) function);
    }

    @Override
    public void hashInto(StateHash hash) {
        hash.put(nextDevice);
    }

    /** What it wrote to the kernel's log, oldest first. */
    public List<String> log() {
        return List.copyOf(log);
    }

    int takeDeviceNumber() {
        return nextDevice++;
    }

    /** The device didn't come into being: its number is the next one's, unless that has one already. */
    void giveBackDeviceNumber(int device) {
        nextDevice -= device == nextDevice - 1 ? 1 : 0;
    }

    void log(String line) {
        log.add(line);
    }
}
