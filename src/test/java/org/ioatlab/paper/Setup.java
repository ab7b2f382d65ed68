package org.ioatlab.paper;

import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.kernel.sched.FreeTicks;
import org.ioatlab.machine.DmaSpec;
import org.ioatlab.machine.KernelSpec;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.NicSpec;
import org.ioatlab.machine.Presets;

/** What a test says of the machine that it wants; the rest is a preset's. Ticks cost nothing unless a test says otherwise. */
final class Setup {
    private final MachineSpec base;
    private final Map<String, Long> costs = new TreeMap<>(FreeTicks.COSTS);
    String platform;
    MachineSpec.Cpus cpus;
    MachineSpec.Memory memory;
    int linkMbps;
    int mtu;
    int receiveQueues;
    boolean splitHeaders;
    boolean checksumOffload = true;
    int interruptsPerSecond;
    boolean engine;
    int channels;
    boolean engineInterrupts = true;
    DmaSpec.Enumeration enumeration = DmaSpec.Enumeration.BOOT;
    Personality personality = Personality.OLS2005;
    boolean copyOffload;
    KernelSpec.AckPolicy ackPolicy = KernelSpec.AckPolicy.PROCESS_CONTEXT;
    Integer copybreakBytes;
    Integer offloadChannels;

    private Setup(Presets preset) {
        base = preset.spec();
        platform = base.platform();
        cpus = base.cpus();
        memory = base.memory();
        linkMbps = base.nic().linkMbps();
        mtu = base.nic().mtu();
        receiveQueues = base.nic().receiveQueues();
        splitHeaders = base.nic().splitHeaders();
        interruptsPerSecond = base.nic().interruptsPerSecond();
        engine = base.dma().present();
        channels = base.dma().channels();
        copyOffload = base.kernel().copyOffload();
    }

    static Setup of(Presets preset) {
        return new Setup(preset);
    }

    /**
     * Copy offload alone, and interrupts that aren't moderated, on two processors of which the first takes the interrupts and the second has
     * the reader: what happens in which context can be told by the processor.
     */
    static Setup offload() {
        Setup setup = of(Presets.DMA_COPY);
        setup.cpus = new MachineSpec.Cpus(2, 1, 1, 0);
        setup.memory = new MachineSpec.Memory(64, 32);
        setup.interruptsPerSecond = 0;
        return setup;
    }

    /** The same in another kernel. */
    static Setup offload(Personality personality) {
        Setup setup = offload();
        setup.personality = personality;
        return setup;
    }

    Setup cost(String parameter, long value) {
        costs.put(parameter, value);
        return this;
    }

    /** The engine takes half a millisecond for a segment, so that there is time to look at what waits for it; it just passes its self-test. */
    Setup slowEngine() {
        return cost("engineMegabytesPerSecond", 3);
    }

    Setup sockets(int number) {
        cpus = new MachineSpec.Cpus(number, 1, 1, 0);
        return this;
    }

    MachineSpec spec() {
        NicSpec nic = base.nic();
        KernelSpec kernel = base.kernel();
        DmaSpec dma = base.dma();
        return new MachineSpec(
                platform,
                base.seed(),
                cpus,
                memory,
                new NicSpec(
                        nic.ports(),
                        linkMbps,
                        mtu,
                        receiveQueues,
                        nic.ringSize(),
                        splitHeaders,
                        checksumOffload,
                        checksumOffload && nic.tso(),
                        interruptsPerSecond),
                new DmaSpec(engine, channels, dma.transferCapBytes(), engineInterrupts, enumeration, dma.firstCookie()),
                new KernelSpec(
                        personality,
                        copyOffload,
                        kernel.napiWeight(),
                        kernel.napiBudget(),
                        ackPolicy,
                        kernel.tcpPersona(),
                        kernel.packetTap(),
                        copybreakBytes,
                        offloadChannels),
                costs);
    }

    Server server() {
        return new Server(spec());
    }
}
