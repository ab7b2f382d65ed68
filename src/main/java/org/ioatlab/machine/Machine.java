package org.ioatlab.machine;

import java.util.List;
import java.util.Objects;
import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.dma.EngineTiming;
import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.memory.BusTraffic;
import org.ioatlab.hardware.memory.MemorySystem;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.pci.PciBus;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.dmaengine.DmaSubsystem;
import org.ioatlab.kernel.dmaengine.IoatDriver;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.net.offload.NetDma;
import org.ioatlab.kernel.net.offload.OffloadRules;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.kernel.pci.PciCore;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.observe.Observation;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;

/**
 * A virtual machine: the parts that its spec asks for, wired together, on a clock of their own. What it does follows from the spec, its
 * seed, and the commands with the instants at which they are applied; nothing else.
 *
 * <p>Not thread-safe: whoever owns a machine applies commands, lets it run and looks at it, one after the other.
 */
public final class Machine implements MachineFaces {
    private static final int RESERVED_MIB = 4;

    private final MachineSpec spec;
    private final EventLoop loop = new EventLoop();
    private final Observation observation;
    private final MemorySystem memorySystem;
    private final Processors processors;
    private final MemoryFace memory;
    private final CpuFace cpus;
    private final DmaFace dma;
    private final PciFace pci;
    private final EngineSlots engines;
    private final NicFace nics;
    private final WireFace wire;
    private final TrafficFace traffic;
    private final SocketFace sockets;
    private final PacketdrillFace packetdrill;
    private final ProcessFace processes;
    private final StatisticsFace statistics;
    private final ScenarioFace scenarios;
    private final SysctlFace sysctl;
    private final ProcText proc;

    /**
     * Assembles and boots a machine; its clock stands at 0 while it boots.
     *
     * @throws Refusal if parts of the spec contradict each other or its memory can't hold what boots
     */
    public Machine(MachineSpec spec) {
        this.spec = spec;
        Platform platform = SpecRules.platform(spec);
        CpuTopology topology = new CpuTopology(
                spec.cpus().sockets(), spec.cpus().coresPerSocket(), spec.cpus().threadsPerCore());
        observation = new Observation(topology.logicalCpus());
        Frequency frequency = new Frequency(platform.get(Parameter.CPU_FREQUENCY_MHZ));
        List<Cpu> silicon = topology.assemble(frequency, platform.get(Parameter.SIBLING_SPEED_PERCENT), observation);
        KernelMemory kernelMemory = assembleMemory(spec.memory(), silicon.size(), platform);
        int sharingCores = (int) platform.get(Parameter.SECOND_LEVEL_SHARING_CORES);
        memorySystem = new MemorySystem(platform, topology.caches(sharingCores), kernelMemory.frames());
        processors = new Processors(loop, silicon, platform, memorySystem);
        memory = new MemoryFace(kernelMemory, processors, spec.seed());
        PciBus bus = new PciBus();
        PciCore core = new PciCore(bus);
        DmaSubsystem subsystem = new DmaSubsystem(platform);
        IoatDriver ioat = new IoatDriver(
                kernelMemory,
                processors,
                subsystem,
                spec.kernel().personality(),
                spec.dma().firstCookie(),
                platform);
        core.register(ioat);
        engines = new EngineSlots(
                spec,
                loop,
                bus,
                new BusMaster(kernelMemory.bytes(), BusTraffic.ENGINE, loop, frequency, memorySystem),
                EngineTiming.of(platform),
                observation.timeline());
        pci = new PciFace(core, processors, engines);
        dma = new DmaFace(
                subsystem,
                processors,
                kernelMemory,
                new CopyPlaces(memory),
                new EngineRegisterView(bus, platform),
                platform,
                spec);
        memory.guardedBy(dma::names);
        BusMaster controllers = new BusMaster(kernelMemory.bytes(), BusTraffic.NIC, loop, frequency, memorySystem);
        nics = new NicFace(spec, loop, processors, kernelMemory, memory, controllers, bus, core, platform, observation);
        memory.extendedBy(nics);
        wire = new WireFace(nics, loop, spec.seed());
        traffic = new TrafficFace(wire, loop);
        NetDma netDma = spec.kernel().copyOffload() ? netDma(spec, subsystem, silicon.size()) : null;
        if (netDma != null) {
            nics.rxAction().atRoundEnd(netDma);
        }
        SocketLayer socketLayer = new SocketLayer(
                nics.buffers(),
                nics.ip(),
                processors.timers(),
                platform,
                Objects.requireNonNull(Persona.named(spec.kernel().tcpPersona().label())),
                spec.kernel().ackPolicy() == KernelSpec.AckPolicy.SOFTIRQ,
                netDma,
                spec.seed());
        statistics = new StatisticsFace(processors, nics.rxAction(), socketLayer.offload(), memorySystem);
        cpus = new CpuFace(processors, nics.crossCall(), observation, statistics, platform.id());
        Integer copybreak = spec.kernel().copybreakBytes();
        if (copybreak != null) {
            socketLayer.tcp().layer().settings().dmaCopybreak = copybreak;
        }
        sockets = new SocketFace(socketLayer, processors, memory);
        packetdrill = new PacketdrillFace(processors, socketLayer, nics.ip(), wire);
        processes = new ProcessFace(socketLayer, processors, new TrafficStreams(wire, traffic), platform);
        scenarios = new ScenarioFace(processors, socketLayer, wire, platform, spec.kernel());
        sysctl = new SysctlFace(socketLayer.tcp().layer().settings());
        proc = new ProcText(processors, nics.crossCall(), kernelMemory, nics.rxAction(), nics.ip(), socketLayer, ioat);
        boot(bus);
    }

    /** What it was made from. */
    public MachineSpec spec() {
        return spec;
    }

    /**
     * Applies a command at the present instant.
     *
     * @return its call, which returns at once or while the machine runs
     * @throws Refusal if it can't be carried out; the machine is then as it was
     */
    public <R> Call<R> apply(Command<R> command) {
        return typed(dispatch(command));
    }

    /**
     * Lets the machine run; see {@link EventLoop#run}. Returns early, with {@link EventLoop.Stop#REQUESTED}, whenever a call returns.
     */
    public EventLoop.Stop run(long untilPs, long maxEvents, boolean untilIdle) {
        return loop.run(untilPs, maxEvents, untilIdle);
    }

    /** Goes to a point that an equal machine passed through, given by its count of fired events and its instant. */
    public void replayTo(long fired, long instantPs) {
        loop.replayTo(fired, instantPs);
    }

    /** The clock. */
    public long nowPs() {
        return loop.nowPs();
    }

    /** Events fired so far. */
    public long fired() {
        return loop.fired();
    }

    /** The instant of the next event, {@link Long#MAX_VALUE} if none is pending. */
    public long nextEventPs() {
        return loop.nextPs();
    }

    /** Whether no foreground event is pending. */
    public boolean isIdle() {
        return loop.isIdle();
    }

    /** A hash of the whole state: equal for equal specs, seeds and commands. */
    public String digest() {
        StateHash hash = new StateHash();
        loop.hashInto(hash);
        processors.hashInto(hash);
        memorySystem.hashInto(hash);
        cpus.hashInto(hash);
        memory.hashInto(hash);
        pci.hashInto(hash);
        dma.hashInto(hash);
        nics.hashInto(hash);
        engines.hashInto(hash);
        wire.hashInto(hash);
        traffic.hashInto(hash);
        sockets.hashInto(hash);
        processes.hashInto(hash);
        scenarios.hashInto(hash);
        return hash.hex();
    }

    /** The machine at a glance. */
    @Override
    public MachineView view() {
        return new MachineView(spec, Picoseconds.toNanoseconds(nowPs()), isIdle(), fired(), digest());
    }

    /** Its memory. */
    @Override
    public MemoryFace memory() {
        return memory;
    }

    /** Its processors. */
    @Override
    public CpuFace cpus() {
        return cpus;
    }

    /** Its DMA subsystem. */
    @Override
    public DmaFace dma() {
        return dma;
    }

    /** Its PCI bus. */
    @Override
    public PciFace pci() {
        return pci;
    }

    /** Its network ports. */
    @Override
    public NicFace nics() {
        return nics;
    }

    /** What is at the other end of its cables. */
    @Override
    public WireFace wire() {
        return wire;
    }

    /** What remote hosts do to it. */
    @Override
    public TrafficFace traffic() {
        return traffic;
    }

    /** Its sockets. */
    @Override
    public SocketFace sockets() {
        return sockets;
    }

    /** Its programs. */
    @Override
    public ProcessFace processes() {
        return processes;
    }

    @Override
    public StatisticsFace statistics() {
        return statistics;
    }

    @Override
    public SysctlFace sysctl() {
        return sysctl;
    }

    @Override
    public ProcText proc() {
        return proc;
    }

    static Processor processor(Processors processors, int cpu) {
        if (cpu < 0 || cpu >= processors.count()) {
            throw Refusal.meaningless(
                    "no-such-cpu",
                    "This machine has processors 0 to " + (processors.count() - 1) + ", not " + cpu + ".");
        }
        return processors.get(cpu);
    }

    static Done done(EventLoop loop) {
        return new Done(Picoseconds.toNanoseconds(loop.nowPs()));
    }

    private Call<?> dispatch(Command<?> command) {
        return switch (command) {
            case MemoryCommand<?> c -> memory.apply(c);
            case DmaCommand<?> c -> dma.apply(c);
            case PciCommand<?> c -> pci.apply(c);
            case NicCommand<?> c -> nics.apply(c);
            case WireCommand<?> c -> wire.apply(c);
            case TrafficCommand<?> c -> traffic.apply(c);
            case ObservationCommand<?> c -> cpus.apply(c);
            case CpuCommand<?> c -> cpus.apply(c);
            case SocketCommand<?> c -> sockets.apply(c);
            case PacketdrillCommand<?> c -> packetdrill.apply(c);
            case ProcessCommand<?> c -> processes.apply(c);
            case ScenarioCommand<?> c -> scenarios.apply(c);
            case SysctlCommand<?> c -> sysctl.apply(c);
        };
    }

    /** Each face answers a command with a call of the command's own answer type. */
    @SuppressWarnings("unchecked")
    private static <R> Call<R> typed(Call<?> call) {
        return (Call<R>) call;
    }

    /** Finds devices, and sets the clock to 0 when all is quiet. */
    private void boot(PciBus bus) {
        if (spec.dma().present() && spec.dma().enumeration() == DmaSpec.Enumeration.BOOT) {
            bus.add(engines.create(spec.dma().channels()));
        }
        nics.open();
        pci.boot();
        while (loop.run(EventLoop.HORIZON_PS, Long.MAX_VALUE, true) != EventLoop.Stop.IDLE) {
            // the scan's own return stops the loop once
        }
        if (spec.dma().present() && spec.dma().enumeration() == DmaSpec.Enumeration.DEFERRED) {
            bus.add(engines.create(spec.dma().channels()));
        }
        loop.restart();
        processors.restart();
        memorySystem.restart();
        nics.restart();
        observation.profile().reset();
    }

    private static NetDma netDma(MachineSpec spec, DmaSubsystem subsystem, int cpus) {
        KernelSpec kernel = spec.kernel();
        Integer channels = kernel.offloadChannels();
        return new NetDma(
                subsystem,
                OffloadRules.of(kernel.personality()),
                cpus,
                channels == null ? cpus : channels,
                spec.dma().interrupts() && kernel.personality().waitsAsleep());
    }

    private static KernelMemory assembleMemory(MachineSpec.Memory sizes, int cpus, Platform platform) {
        PageAllocator pages = new PageAllocator(RESERVED_MIB, sizes.lowMib(), sizes.totalMib(), cpus, platform);
        return new KernelMemory(new PhysicalMemory(pages.frames()), pages, cpus, platform);
    }
}
