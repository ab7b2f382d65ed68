package org.ioatlab.kernel.net;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.memory.BusTraffic;
import org.ioatlab.hardware.memory.MemorySystem;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.nic.FrameBatch;
import org.ioatlab.hardware.nic.HashType;
import org.ioatlab.hardware.nic.Link;
import org.ioatlab.hardware.nic.NetworkPort;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.mm.SlabCacheState;
import org.ioatlab.kernel.mm.ZoneState;
import org.ioatlab.kernel.sched.CrossCall;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Observation;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.MacAddress;

/** A small machine around one port: processors, memory, link, driver, and a packet tap at the end. */
public final class NicWorld {
    public static final MacAddress ADDRESS = MacAddress.parse("02:00:00:00:00:01");

    private static final CpuTopology TWO_BY_TWO = new CpuTopology(2, 1, 2);
    private static final int LOW_MIB = 96;
    private static final int TOTAL_MIB = 128;

    public final EventLoop loop = new EventLoop();
    public final Platform platform;
    public final PhysicalMemory bytes = new PhysicalMemory(TOTAL_MIB * 256);
    public final Observation observation;
    public final Processors processors;
    public final KernelMemory memory;
    public final MemorySystem caches;
    public final SocketBuffers buffers;
    public final NetRxAction rxAction;
    public final NetTxAction txAction;
    public final PacketTap tap;
    public final NetifReceive netif;
    public final CrossCall crossCall;
    public final Link link;
    public final NetworkPort port;
    public final E1000Driver driver;
    public final NetDevice device;

    /** A process that changes settings. */
    private static final class Ethtool extends Task {
        private final PortReset reset;

        Ethtool(PortReset reset, Processor processor) {
            super("ethtool", processor);
            this.reset = reset;
        }

        @Override
        protected Next resume() {
            return reset.resume(this);
        }
    }

    /** Two sockets of one core with two threads, a link of 1000 Mb/s. */
    public static NicWorld of(NicSettings settings) {
        return new NicWorld(TWO_BY_TWO, 1000, settings, LOW_MIB, Map.of());
    }

    /** The same with another link, so that frames may come faster than they are polled. */
    public static NicWorld of(NicSettings settings, int mbps) {
        return new NicWorld(TWO_BY_TWO, mbps, settings, LOW_MIB, Map.of());
    }

    public static NicWorld of(NicSettings settings, CpuTopology topology) {
        return new NicWorld(topology, 1000, settings, LOW_MIB, Map.of());
    }

    /** A machine whose kernel has {@code mib} of memory, 4 of them for itself. */
    public static NicWorld withLowMemory(NicSettings settings, int mib) {
        return new NicWorld(TWO_BY_TWO, 1000, settings, mib, Map.of());
    }

    public static NicWorld withCosts(NicSettings settings, int mbps, Map<String, Long> costs) {
        return new NicWorld(TWO_BY_TWO, mbps, settings, LOW_MIB, costs);
    }

    private NicWorld(CpuTopology topology, int mbps, NicSettings settings, int lowMib, Map<String, Long> costs) {
        platform = Platform.load("xeon-e7520").with(costs);
        int cpus = topology.logicalCpus();
        observation = new Observation(cpus);
        Frequency frequency = new Frequency(platform.get(Parameter.CPU_FREQUENCY_MHZ));
        long siblings = platform.get(Parameter.SIBLING_SPEED_PERCENT);
        memory = new KernelMemory(bytes, new PageAllocator(4, lowMib, TOTAL_MIB, cpus, platform), cpus, platform);
        caches = new MemorySystem(platform, topology.caches(1), memory.frames());
        processors = new Processors(loop, topology.assemble(frequency, siblings, observation), platform, caches);
        buffers = new SocketBuffers(memory, platform);
        rxAction = new NetRxAction(processors, platform, NetRxAction.USUAL_BUDGET_PACKETS);
        txAction = new NetTxAction(processors);
        tap = new PacketTap(buffers, platform);
        netif = new NetifReceive(buffers, platform, 0, tap);
        crossCall = new CrossCall(processors, platform);
        link = new Link(loop, mbps);
        port = new NetworkPort(
                loop, 0, new BusMaster(bytes, BusTraffic.NIC, loop, frequency, caches), link, observation.capture(0));
        driver = new E1000Driver(
                port,
                ADDRESS,
                settings,
                processors,
                buffers,
                rxAction,
                txAction,
                netif,
                crossCall,
                platform,
                NetRxAction.USUAL_WEIGHT_PACKETS);
        device = new EthernetDevice(driver, 0, IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::1"));
    }

    /** Opens the driver and lets its register writes arrive. */
    public NicWorld open() {
        if (!driver.open(boot())) {
            throw new IllegalStateException("no memory for the rings");
        }
        return settle();
    }

    /** Frees the rings and their buffers. */
    public void close() {
        driver.close(boot());
    }

    /** The first processor, about to run an item of its own. */
    public Processor boot() {
        Processor boot = processors.get(0);
        boot.cpu().begin(loop.nowPs());
        return boot;
    }

    /** Runs until nothing is due but background events. */
    public NicWorld settle() {
        loop.run(EventLoop.HORIZON_PS, Long.MAX_VALUE, true);
        return this;
    }

    public void runFor(long ps) {
        loop.run(loop.nowPs() + ps, Long.MAX_VALUE, false);
    }

    public void runForMicroseconds(long us) {
        runFor(us * Picoseconds.PER_MICROSECOND);
    }

    /** Lets the frames go onto the wire now, one behind the other. */
    public NicWorld send(byte[]... frames) {
        FrameBatch batch = new FrameBatch();
        for (byte[] frame : frames) {
            batch.add(frame, 0, frame.length, 0);
        }
        link.attach(batch);
        return this;
    }

    public NicWorld hold(int packets) {
        tap.setHoldPackets(packets);
        return this;
    }

    /** Sends one frame and answers how it came out at the tap; it is freed. */
    public HeldPacket receive(byte[] frame) {
        hold(1).send(frame).settle();
        HeldPacket packet = tap.view(0, 1).getFirst();
        tap.releaseAll(boot());
        return packet;
    }

    /** What the tap made of a frame, as {@code linear + [fragments] split hash-type hash queue checksum}. */
    public static String describe(HeldPacket packet) {
        String fragments = packet.fragments().stream()
                .map(part -> Integer.toString(part.length()))
                .collect(Collectors.joining(", ", "[", "]"));
        String hash = packet.hashType() == HashType.NONE ? "" : " %08x".formatted(packet.hash());
        return packet.headerLength() + " + " + fragments + (packet.split() ? " split " : " whole ") + packet.hashType()
                + hash + " queue " + packet.queue() + " "
                + (packet.checksumError() ? "BAD" : packet.checksum().toString());
    }

    /** Pages handed out to anything but slabs, and objects handed out of every slab cache: equal when nothing has leaked. */
    public String allocations() {
        int slabPages = 0;
        StringBuilder objects = new StringBuilder();
        for (SlabCacheState cache : memory.slabCaches()) {
            slabPages += cache.slabs() * cache.pagesPerSlab();
            if (cache.activeObjects() > 0) {
                objects.append(' ').append(cache.name()).append('=').append(cache.activeObjects());
            }
        }
        int free =
                memory.pages().zones().stream().mapToInt(ZoneState::freePages).sum();
        int all = memory.pages().zones().stream().mapToInt(ZoneState::pages).sum();
        return "pages=" + (all - free - slabPages) + objects;
    }

    public List<HeldPacket> held() {
        return tap.view(0, Integer.MAX_VALUE);
    }

    public long count(String counter) {
        Map<String, Long> counters = driver.statistics();
        return counters.get(counter);
    }

    /** Changes the settings as a user does. */
    public boolean change(NicSettings settings) {
        PortReset reset = new PortReset(driver, settings);
        new Ethtool(reset, processors.get(0)).wake();
        settle();
        return reset.isSuccessful();
    }

    public String digest() {
        StateHash hash = new StateHash();
        loop.hashInto(hash);
        processors.hashInto(hash);
        memory.hashInto(hash);
        port.hashInto(hash);
        driver.hashInto(hash);
        rxAction.hashInto(hash);
        txAction.hashInto(hash);
        netif.hashInto(hash);
        crossCall.hashInto(hash);
        return hash.hex();
    }
}
