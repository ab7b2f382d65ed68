package org.ioatlab.kernel.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.nic.NetworkPort;
import org.ioatlab.hardware.nic.PortRegister;
import org.ioatlab.hardware.nic.ReceiveDescriptor;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.SlabCache;
import org.ioatlab.kernel.sched.CallAsyncData;
import org.ioatlab.kernel.sched.CrossCall;
import org.ioatlab.kernel.sched.InterruptLine;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Event;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.MacAddress;

/**
 * The driver of one port: rings, interrupt handler and statistics. With several queues the handler has each of them polled on its own
 * processor, which it calls by {@link CrossCall} unless the queue is polled already.
 */
public final class E1000Driver implements InterruptLine.Action, CallAsyncData.Function {
    /** How often a ring that memory was too short for is looked after. */
    public static final long WATCHDOG_PS = 2 * Picoseconds.PER_SECOND;

    private final NetworkPort port;
    private final MacAddress address;
    private final Processors processors;
    private final SocketBuffers buffers;
    private final NetRxAction rxAction;
    private final NetifReceive netif;
    private final CrossCall crossCall;
    private final Platform platform;
    private final InterruptLine line;
    private final PortProgram program;
    private final Watchdog watchdog = new Watchdog();
    private final int weight;
    private final long readCycles;
    private final long writeCycles;
    private final long enableCycles;
    private final List<CallAsyncData> calls = new ArrayList<>();
    private NicSettings settings;
    private List<ReceiveRing> rings = List.of();
    private long headerSplits;
    private long goodChecksums;
    private long badChecksums;
    private long failedRefills;
    private long droppedAtReset;

    /** Makes the port interrupt, so that a ring without buffers is filled once memory is there. */
    private final class Watchdog extends Event {
        Watchdog() {
            super(true);
        }

        @Override
        protected void fire() {
            port.write(
                    PortRegister.ICS,
                    4,
                    PortRegister.CAUSE_RXDMT0,
                    processors.loop().nowPs());
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("e1000_watchdog");
        }
    }

    /**
     * A driver that has found its port but not opened it.
     *
     * @param weight packets of one queue before the next one's turn, at least 1
     */
    public E1000Driver(
            NetworkPort port,
            MacAddress address,
            NicSettings settings,
            Processors processors,
            SocketBuffers buffers,
            NetRxAction rxAction,
            NetifReceive netif,
            CrossCall crossCall,
            Platform platform,
            int weight) {
        this.port = port;
        this.address = address;
        this.settings = settings;
        this.processors = processors;
        this.buffers = buffers;
        this.rxAction = rxAction;
        this.netif = netif;
        this.crossCall = crossCall;
        this.platform = platform;
        this.weight = weight;
        readCycles = platform.get(Parameter.MMIO_READ_CYCLES);
        writeCycles = platform.get(Parameter.MMIO_WRITE_CYCLES);
        enableCycles = platform.get(Parameter.INTERRUPT_ENABLE_CYCLES);
        program = new PortProgram(this);
        line = processors.requestInterrupt(port.interfaceName(), 0, this);
        port.onInterrupt(line);
    }

    /** The port. */
    public NetworkPort port() {
        return port;
    }

    /** The port's own address. */
    public MacAddress address() {
        return address;
    }

    /** What is set. */
    public NicSettings settings() {
        return settings;
    }

    /** Its interrupt. */
    public InterruptLine interruptLine() {
        return line;
    }

    /** How many queues it works. */
    public int queues() {
        return rings.size();
    }

    /** The processor that polls {@code queue}. */
    public int queueCpu(int queue) {
        return rings.get(queue).processor().cpu().id();
    }

    /** A queue's ring. */
    public RingView ring(int queue) {
        return RingView.of(rings.get(queue), port);
    }

    /**
     * Allocates and fills the rings and starts the port ({@code e1000_open}).
     *
     * @return whether there was memory for every ring's descriptors and at least some of its buffers
     */
    public boolean open(Processor on) {
        int[] cpus = QueueAffinity.choose(processors, settings);
        List<ReceiveRing> made = new ArrayList<>();
        for (int queue = 0; queue < cpus.length; queue++) {
            long ring = buffers.memory().allocate(settings.ringSize() * descriptorBytes(), on);
            if (ring == SlabCache.NO_OBJECT) {
                release(made, on);
                return false;
            }
            made.add(makeRing(queue, processors.get(cpus[queue]), ring, cpus.length > 1));
        }
        rings = List.copyOf(made);
        while (calls.size() < rings.size()) {
            calls.add(new CallAsyncData(this, this));
        }
        line.setAffinity(rings.getFirst().processor());
        program.start(rings, on);
        rings.forEach(this::watchIfShort);
        return rings.stream().allMatch(ring -> ring.filled() > 0);
    }

    /** Takes the link down, so that no further frame starts: the first step of a reset. */
    void linkDown(Processor on) {
        writeRegister(PortRegister.CTRL, 0, Symbol.WRITEL, on);
    }

    /** Whether every frame that was received has been handed on. */
    boolean isQuiet() {
        return !port.link().isCarrying()
                && port.packetBufferFrames() == 0
                && rings.stream().noneMatch(ring -> ring.isScheduled() || ring.finished() > 0);
    }

    /** Whether a queue is being polled. */
    boolean isPolled() {
        return rings.stream().anyMatch(ReceiveRing::isScheduled);
    }

    /** Switches receiver and interrupts off: the second step of a reset. */
    void receiverOff(Processor on) {
        writeRegister(PortRegister.RCTL, 0, Symbol.WRITEL, on);
        writeRegister(PortRegister.IMC, -1, Symbol.WRITEL, on);
    }

    /** Frees all rings and buffers, which nobody may poll any more: the third step of a reset. */
    void close(Processor on) {
        for (ReceiveRing ring : rings) {
            droppedAtReset += ring.finished();
        }
        release(rings, on);
        rings = List.of();
        processors.loop().cancel(watchdog);
    }

    void setSettings(NicSettings next) {
        settings = next;
    }

    /** Whether going over to {@code next} needs new rings. */
    boolean needsReset(NicSettings next) {
        return next.mtu() != settings.mtu()
                || next.receiveQueues() != settings.receiveQueues()
                || next.ringSize() != settings.ringSize()
                || next.splitHeaders() != settings.splitHeaders()
                || !next.queueCpus().equals(settings.queueCpus());
    }

    /** Takes over settings that need no new rings. */
    void apply(NicSettings next, Processor on) {
        settings = next;
        program.refresh(rings.size(), on);
    }

    @Override
    public void handle(Processor on) {
        on.spend(Symbol.E1000_INTR, readCycles);
        int causes = (int) port.read(PortRegister.ICR, 4);
        long mask = 0;
        int masked = 0;
        for (int i = 0; i < rings.size(); i++) {
            ReceiveRing ring = rings.get(i);
            if ((causes & (causeOf(i) | PortRegister.CAUSE_RXDMT0)) == 0) {
                continue;
            }
            if (!ring.isScheduled()) {
                ring.setScheduled(true);
                masked |= causeOf(i);
                mask |= schedule(ring, on);
            }
        }
        if (masked != 0) {
            writeRegister(PortRegister.IMC, masked, Symbol.E1000_INTR, on);
        }
        if (mask != 0) {
            crossCall.smpCallAsyncMask(freeCall(), mask, on);
        }
    }

    @Override
    public void call(Object info, Processor on) {
        for (int i = 0; i < rings.size(); i++) {
            ReceiveRing ring = rings.get(i);
            if (ring.isCalled() && ring.processor() == on) {
                ring.setCalled(false);
                rxAction.schedule(ring, on);
            }
        }
    }

    /** Counters under the names of {@code ethtool -S}, in a fixed order. */
    public Map<String, Long> statistics() {
        Map<String, Long> counters = new LinkedHashMap<>();
        port.statistics().addTo(counters);
        counters.put("rx_hdr_split", headerSplits);
        counters.put("rx_csum_offload_good", goodChecksums);
        counters.put("rx_csum_offload_errors", badChecksums);
        counters.put("rx_alloc_buff_failed", failedRefills);
        counters.put("rx_dropped", droppedAtReset);
        for (int i = 0; i < rings.size(); i++) {
            port.statistics().addQueueTo(counters, i);
        }
        return counters;
    }

    /** Feeds rings and calls; registers are the port's. */
    public void hashInto(StateHash hash) {
        hash.put(port.interfaceName());
        for (ReceiveRing ring : rings) {
            ring.hashInto(hash);
        }
    }

    int weight() {
        return weight;
    }

    SocketBuffers buffers() {
        return buffers;
    }

    Platform platform() {
        return platform;
    }

    /** The cause that a queue's frames raise. */
    int causeOf(int queue) {
        return PortRegister.CAUSE_RXQ0 << queue;
    }

    void writeRegister(int offset, int value, Symbol symbol, Processor on) {
        on.spend(symbol, writeCycles);
        port.write(offset, Integer.BYTES, value, on.cpu().cursorPs());
    }

    void refillFailed() {
        failedRefills++;
    }

    /** What a descriptor's status tells of checksum and split. */
    void judge(SocketBuffer packet, int status, boolean split) {
        headerSplits += split ? 1 : 0;
        packet.checksum = SocketBuffer.Checksum.NONE;
        packet.checksumError = (status & (ReceiveDescriptor.TRANSPORT_ERROR | ReceiveDescriptor.IP_ERROR)) != 0;
        if (packet.checksumError) {
            badChecksums++;
        } else if ((status & (ReceiveDescriptor.TCP_CHECKSUM | ReceiveDescriptor.UDP_CHECKSUM)) != 0) {
            packet.checksum = SocketBuffer.Checksum.UNNECESSARY;
            goodChecksums++;
        }
    }

    void receive(SocketBuffer packet, Processor on) {
        netif.receive(packet, address.bits(), on);
    }

    void leavePolling(ReceiveRing ring, Processor on) {
        on.spend(Symbol.E1000_IRQ_ENABLE, enableCycles);
        int mask = causeOf(ring.queue()) | PortRegister.CAUSE_RXDMT0;
        port.write(PortRegister.IMS, Integer.BYTES, mask, on.cpu().cursorPs());
        watchIfShort(ring);
    }

    private void watchIfShort(ReceiveRing ring) {
        if (ring.isShort() && !watchdog.isPending()) {
            processors.loop().scheduleAfter(watchdog, WATCHDOG_PS);
        }
    }

    private int descriptorBytes() {
        return settings.splitHeaders() ? ReceiveDescriptor.SPLIT_BYTES : ReceiveDescriptor.PLAIN_BYTES;
    }

    private ReceiveRing makeRing(int queue, Processor processor, long ring, boolean several) {
        return settings.splitHeaders()
                ? new SplitReceiveRing(this, queue, processor, ring)
                : new PlainReceiveRing(this, queue, processor, ring, several);
    }

    /** Polls on this processor, or asks for a call to the ring's own: answers its bit. */
    private long schedule(ReceiveRing ring, Processor on) {
        if (ring.processor() == on) {
            rxAction.schedule(ring, on);
            return 0;
        }
        ring.setCalled(true);
        return 1L << ring.processor().cpu().id();
    }

    /** There is always one: no more calls are under way than queues wait for them. */
    private CallAsyncData freeCall() {
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).count() == 0) {
                return calls.get(i);
            }
        }
        throw new IllegalStateException("more cross-CPU calls under way than queues");
    }

    private static void release(List<ReceiveRing> rings, Processor on) {
        for (ReceiveRing ring : rings) {
            ring.release(on);
        }
    }
}
