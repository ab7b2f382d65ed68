package org.ioatlab.kernel.net;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.nic.NetworkPort;
import org.ioatlab.hardware.nic.PortRegister;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
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
public final class E1000Driver implements InterruptLine.Action {
    /** How often a ring that memory was too short for is looked after. */
    public static final long WATCHDOG_PS = 2 * Picoseconds.PER_SECOND;

    private final NetworkPort port;
    private final MacAddress address;
    private final Processors processors;
    private final SocketBuffers buffers;
    private final NetifReceive netif;
    private final QueueCalls calls;
    private final Platform platform;
    private final InterruptLine line;
    private final PortProgram program;
    private final Transmitter transmitter;
    private final Watchdog watchdog = new Watchdog();
    private final int weight;
    private final long readCycles;
    private final long writeCycles;
    private final long handlerCycles;
    private final long enableCycles;
    private final DriverCounters counters = new DriverCounters();
    private NicSettings settings;
    private List<ReceiveRing> rings = List.of();

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
            NetTxAction txAction,
            NetifReceive netif,
            CrossCall crossCall,
            Platform platform,
            int weight) {
        this.port = port;
        this.address = address;
        this.settings = settings;
        this.processors = processors;
        this.buffers = buffers;
        this.netif = netif;
        calls = new QueueCalls(rxAction, crossCall);
        this.platform = platform;
        this.weight = weight;
        readCycles = platform.get(Parameter.MMIO_READ_CYCLES);
        writeCycles = platform.get(Parameter.MMIO_WRITE_CYCLES);
        handlerCycles = platform.get(Parameter.INTERRUPT_HANDLER_CYCLES);
        enableCycles = platform.get(Parameter.INTERRUPT_ENABLE_CYCLES);
        program = new PortProgram(this);
        transmitter = new Transmitter(this, txAction);
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

    /** The queue of packets to be sent. */
    public TransmitQueue transmitQueue() {
        return transmitter.queue();
    }

    /** The clock begins at 0 again, as at the end of a boot. */
    public void restart() {
        transmitter.queue().restart();
        port.restart();
    }

    /** How many receive queues it works. */
    public int queues() {
        return rings.size();
    }

    /** The processor that polls {@code queue}: a single one is polled where the interrupt is taken. */
    public int queueCpu(int queue) {
        Processor on = rings.size() == 1 ? line.affinity() : rings.get(queue).processor();
        return on.cpu().id();
    }

    /** A queue's ring. */
    public RingView ring(int queue) {
        return RingView.of(rings.get(queue), queueCpu(queue), port);
    }

    /**
     * Allocates and fills the rings and starts the port ({@code e1000_open}).
     *
     * @return whether there was memory for every ring's descriptors and at least some of its buffers
     */
    public boolean open(Processor on) {
        rings = RingFactory.allocate(this, processors, on);
        if (rings.isEmpty() || !transmitter.allocate(on)) {
            close(on);
            return false;
        }
        calls.use(rings);
        line.suggestAffinity(rings.getFirst().processor());
        program.start(rings, on);
        transmitter.start(on);
        rings.forEach(this::watchIfShort);
        return rings.stream().allMatch(ring -> ring.filled() > 0);
    }

    /** Keeps packets in their queue from now on: the first step of a reset. */
    void stopTransmit() {
        transmitter.stop();
    }

    /** Whether every packet that can be sent has been. */
    boolean isDrained() {
        return transmitter.isDrained();
    }

    /** Takes the link down, so that no further frame starts: the second step of a reset. */
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

    /** Switches receiver, transmitter and interrupts off: the third step of a reset. */
    void switchOff(Processor on) {
        writeRegister(PortRegister.RCTL, 0, Symbol.WRITEL, on);
        writeRegister(PortRegister.TCTL, 0, Symbol.WRITEL, on);
        writeRegister(PortRegister.IMC, -1, Symbol.WRITEL, on);
    }

    /** Frees all rings and buffers, which nobody may poll any more: the last step of a reset. */
    void close(Processor on) {
        for (ReceiveRing ring : rings) {
            counters.droppedAtReset(ring.finished());
        }
        rings.forEach(ring -> ring.release(on));
        rings = List.of();
        calls.use(rings);
        transmitter.close(on);
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
        on.spend(Symbol.E1000_INTR, handlerCycles + readCycles);
        int causes = (int) port.read(PortRegister.ICR, Integer.BYTES);
        if ((causes & PortRegister.CAUSE_LSC) != 0) {
            linkChanged(on);
        }
        int begun = 0;
        for (int i = 0; i < rings.size(); i++) {
            ReceiveRing ring = rings.get(i);
            boolean raised = (causes & (causesOf(i) | PortRegister.CAUSE_RXDMT0)) != 0;
            if (raised && !ring.isScheduled()) {
                begun |= causesOf(i);
                calls.schedule(ring, on);
            }
        }
        if (begun != 0) {
            writeRegister(PortRegister.IMC, begun, Symbol.E1000_INTR, on);
            calls.send(on);
        }
    }

    /** Counters under the names of {@code ethtool -S}, in a fixed order. */
    public Map<String, Long> statistics() {
        Map<String, Long> all = new LinkedHashMap<>();
        port.statistics().addTo(all);
        counters.addTo(all);
        all.put("tx_dropped", transmitter.queue().dropped());
        all.put("tx_restart_queue", transmitter.queue().restarts());
        for (int i = 0; i < rings.size(); i++) {
            port.statistics().addQueueTo(all, i);
        }
        return all;
    }

    /** Feeds rings and calls; registers are the port's. */
    public void hashInto(StateHash hash) {
        hash.put(port.interfaceName());
        for (ReceiveRing ring : rings) {
            ring.hashInto(hash);
        }
        transmitter.hashInto(hash);
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

    Transmitter transmitter() {
        return transmitter;
    }

    /** The causes for which a queue is polled: its frames, and with the first queue those that were sent. */
    int causesOf(int queue) {
        return PortRegister.CAUSE_RXQ0 << queue | (queue == 0 ? PortRegister.CAUSE_TXDW : 0);
    }

    /** Frees one packet that has left; false if there is none. */
    boolean cleanTransmit(Processor on) {
        return transmitter.clean(on);
    }

    void writeRegister(int offset, int value, Symbol symbol, Processor on) {
        on.spend(symbol, writeCycles);
        port.write(offset, Integer.BYTES, value, on.cpu().cursorPs());
    }

    DriverCounters counters() {
        return counters;
    }

    void receive(SocketBuffer packet, Processor on) {
        netif.receive(packet, address.bits(), on);
    }

    /** {@code e1000_irq_enable}: the read of a register sees to it that the write has reached the controller. */
    void leavePolling(ReceiveRing ring, Processor on) {
        on.spend(Symbol.E1000_IRQ_ENABLE, enableCycles + writeCycles);
        int mask = causesOf(ring.queue()) | PortRegister.CAUSE_RXDMT0;
        port.write(PortRegister.IMS, Integer.BYTES, mask, on.cpu().cursorPs());
        on.spend(Symbol.E1000_IRQ_ENABLE, readCycles);
        watchIfShort(ring);
    }

    private void linkChanged(Processor on) {
        on.spend(Symbol.E1000_INTR, readCycles);
        long status = port.read(PortRegister.STATUS, Integer.BYTES);
        transmitter.setCarrier((status & PortRegister.STATUS_LU) != 0, on);
    }

    private void watchIfShort(ReceiveRing ring) {
        if (ring.isShort() && !watchdog.isPending()) {
            processors.loop().scheduleAfter(watchdog, WATCHDOG_PS);
        }
    }
}
