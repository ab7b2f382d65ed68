package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.nic.FrameBatch;
import org.ioatlab.hardware.nic.HashField;
import org.ioatlab.hardware.pci.PciBus;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.net.HeldPacket;
import org.ioatlab.kernel.net.NetRxAction;
import org.ioatlab.kernel.net.NetTxAction;
import org.ioatlab.kernel.net.NicSettings;
import org.ioatlab.kernel.net.RingView;
import org.ioatlab.kernel.net.RssSettings;
import org.ioatlab.kernel.net.SocketBuffers;
import org.ioatlab.kernel.net.ip.IpLayer;
import org.ioatlab.kernel.pci.PciCore;
import org.ioatlab.kernel.sched.CrossCall;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.observe.Observation;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.ToeplitzHash;
import org.jspecify.annotations.Nullable;

/** The network ports as users of a machine see them. */
public final class NicFace implements MemoryFace.KernelBuffers {
    /** The longest frame that can be put on a wire, without frame check sequence. */
    public static final int LONGEST_FRAME = 16_384;

    /** The most frames of one injection. */
    public static final int MOST_FRAMES = 1_000_000;

    /** The most bytes of frames that may wait on all wires of one machine. */
    public static final long MOST_WAITING_BYTES = 256L << 20;

    /** The most descriptors shown at once. */
    public static final int MOST_DESCRIPTORS = 256;

    private final List<NicPort> ports = new ArrayList<>();
    private final Processors processors;
    private final KernelMemory memory;
    private final MemoryFace memoryFace;
    private final NetRxAction rxAction;
    private final NetTxAction txAction;
    private final IpLayer ip;
    private final SocketBuffers buffers;
    private final CrossCall crossCall;

    NicFace(
            MachineSpec spec,
            EventLoop loop,
            Processors processors,
            KernelMemory memory,
            MemoryFace memoryFace,
            BusMaster controllers,
            PciBus bus,
            PciCore core,
            Platform platform,
            Observation observation) {
        this.processors = processors;
        this.memory = memory;
        this.memoryFace = memoryFace;
        rxAction = new NetRxAction(processors, platform, spec.kernel().napiBudget());
        txAction = new NetTxAction(processors);
        crossCall = new CrossCall(processors, platform);
        buffers = new SocketBuffers(memory, platform);
        ip = new IpLayer(buffers, platform, processors.timers());
        for (int i = 0; i < spec.nic().ports(); i++) {
            ports.add(new NicPort(
                    i,
                    spec,
                    loop,
                    processors,
                    buffers,
                    controllers,
                    rxAction,
                    txAction,
                    crossCall,
                    platform,
                    observation));
            ports.get(i).plugInto(bus, core);
            ports.get(i).attachTo(ip);
        }
    }

    Call<?> apply(NicCommand<?> command) {
        return switch (command) {
            case NicCommand.Configure c -> configure(c);
            case NicCommand.SetRss c -> setRss(c);
            case NicCommand.InjectFrames c -> Call.of(inject(c));
            case NicCommand.SetCapture c -> Call.of(find(c.nic()).capture().set(c));
            case NicCommand.SetTap c -> Call.of(setTap(c));
            case NicCommand.ReleasePackets c -> {
                find(c.nic());
                yield new ReleaseCall(this, c, processors.get(0)).start();
            }
        };
    }

    /** Opens every port, as a boot does. */
    void open() {
        for (NicPort port : ports) {
            if (!port.open(processors.get(0))) {
                throw memoryFace.outOfMemory(ZoneKind.LOW);
            }
        }
    }

    /** The clock begins at 0 again. */
    void restart() {
        for (NicPort port : ports) {
            port.driver().restart();
        }
    }

    /** All ports. */
    public List<NicViews.Nic> nics() {
        return ports.stream().map(NicPort::view).toList();
    }

    /** Frames that wait on the wires of all ports. */
    public long framesOnWires() {
        long frames = 0;
        for (int i = 0; i < ports.size(); i++) {
            frames += ports.get(i).waitingFrames();
        }
        return frames;
    }

    /** One port. */
    public NicViews.Nic nic(String id) {
        return find(id).view();
    }

    /** A queue with {@code count} descriptors of its ring from index {@code first}. */
    public NicViews.Queue queue(String nic, int queue, int first, int count) {
        NicPort port = find(nic);
        if (queue < 0 || queue >= port.driver().queues()) {
            throw Refusal.unknown("queue", queue);
        }
        RingView ring = port.driver().ring(queue);
        Map<String, Long> counters = port.driver().statistics();
        return new NicViews.Queue(
                queue,
                ring.cpu(),
                ring.descriptors(),
                ring.head(),
                ring.tail(),
                counters.getOrDefault("rx_queue_" + queue + "_packets", 0L),
                counters.getOrDefault("rx_queue_" + queue + "_bytes", 0L),
                ring.polling(),
                DescriptorViews.of(ring, memory.bytes(), first, Math.min(count, MOST_DESCRIPTORS)));
    }

    /** Counters by their ethtool names, in a fixed order. */
    public Map<String, Long> statistics(String nic) {
        return find(nic).driver().statistics();
    }

    /** How queues are chosen. */
    public NicViews.Rss rss(String nic) {
        NicPort port = find(nic);
        RssSettings rss = port.driver().settings().rss();
        return new NicViews.Rss(
                rss.key(),
                rss.table(port.driver().queues()),
                rss.hashFields().stream().map(HashField::name).toList(),
                port.driver().queues());
    }

    /** The hash of a flow; without ports that of the addresses. */
    public NicViews.RssHash rssHash(
            String nic,
            String source,
            String destination,
            @Nullable Integer sourcePort,
            @Nullable Integer destinationPort) {
        NicPort port = find(nic);
        RssSettings rss = port.driver().settings().rss();
        ToeplitzHash function = ToeplitzHash.of(rss.keyBytes());
        IpAddress from = address("srcAddress", source);
        IpAddress to = address("dstAddress", destination);
        if (from.isIpv4() != to.isIpv4()) {
            throw Refusal.meaningless("mixed-families", "srcAddress and dstAddress are of different families.");
        }
        if ((sourcePort == null) != (destinationPort == null)) {
            throw Refusal.meaningless("half-a-port-pair", "Give both srcPort and dstPort, or neither.");
        }
        int hash = sourcePort == null || destinationPort == null
                ? function.hash(from, to)
                : function.hash(from, to, sourcePort, destinationPort);
        int entry = hash & (rss.table(1).size() - 1);
        return new NicViews.RssHash(
                "0x%08x".formatted(hash),
                entry,
                rss.table(port.driver().queues()).get(entry));
    }

    /** The capture's settings. */
    public NicViews.Capture capture(String nic) {
        return find(nic).capture().view();
    }

    /** What was captured, as a pcapng file. */
    public byte[] captureFile(String nic) {
        return find(nic).capture().file();
    }

    /** The packet tap. */
    public NicViews.Tap tap(String nic) {
        return find(nic).tapView();
    }

    /** Packets that the tap holds with sequence numbers above {@code after}, at most {@code most}; of one queue unless null. */
    public List<NicViews.Packet> packets(String nic, long after, int most, @Nullable Integer queue) {
        return find(nic).packets(after, most, queue);
    }

    /** Bytes of a held packet, header and payload together. */
    public byte[] packetBytes(String nic, long sequence) {
        HeldPacket packet = find(nic).packet(sequence);
        if (packet == null) {
            throw Refusal.unknown("packet", sequence);
        }
        return packet.bytes(memory.bytes());
    }

    /** Header buffers of held packets: {@code s<port>-<sequence>}. */
    @Override
    public @Nullable Located locate(String id) {
        for (NicPort port : ports) {
            Located found = port.locate(id);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Where packets' memory comes from. */
    SocketBuffers buffers() {
        return buffers;
    }

    /** IP, which all ports share. */
    IpLayer ip() {
        return ip;
    }

    /** Calls between processors. */
    CrossCall crossCall() {
        return crossCall;
    }

    NetRxAction rxAction() {
        return rxAction;
    }

    /** All ports with what is behind them. */
    List<NicPort> ports() {
        return ports;
    }

    /** Puts frames on a port's wire, if they still find room there. */
    void attach(NicPort port, FrameBatch batch) {
        requireRoom(batch.totalBytes());
        port.attach(batch);
    }

    NicPort find(String id) {
        for (NicPort port : ports) {
            if (port.name().equals(id)) {
                return port;
            }
        }
        throw Refusal.unknown("nic", id);
    }

    void hashInto(StateHash hash) {
        rxAction.hashInto(hash);
        txAction.hashInto(hash);
        ip.hashInto(hash);
        crossCall.hashInto(hash);
        for (NicPort port : ports) {
            port.hashInto(hash);
        }
    }

    Refusal outOfMemory() {
        return memoryFace.outOfMemory(ZoneKind.LOW);
    }

    private Call<?> configure(NicCommand.Configure command) {
        NicPort port = find(command.nic());
        NicSettings old = port.driver().settings();
        NicSettings next = old;
        try {
            if (command.receiveQueues() != null) {
                next = port.withQueues(next, command.receiveQueues());
            }
            if (command.splitHeaders() != null) {
                next = next.withSplitHeaders(command.splitHeaders());
            }
            if (command.checksumOffload() != null) {
                next = next.withChecksumOffload(command.checksumOffload());
            }
            if (command.tso() != null) {
                next = next.withTso(command.tso());
            }
            if (command.interruptsPerSecond() != null) {
                next = next.withInterruptsPerSecond(command.interruptsPerSecond());
            }
            if (command.promiscuous() != null) {
                next = next.withPromiscuous(command.promiscuous());
            }
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Kind.MEANINGLESS, "bad-setting", e.getMessage() + ".");
        }
        if (command.linkUp() != null) {
            port.setCable(command.linkUp());
            if (next.equals(old)) {
                return Call.of(port.view());
            }
        }
        return new PortSettingsCall(this, port, next, false, processors.get(0)).start();
    }

    private Call<?> setRss(NicCommand.SetRss command) {
        NicPort port = find(command.nic());
        RssSettings old = port.driver().settings().rss();
        byte[] key = command.key();
        List<Integer> table = command.indirectionTable();
        List<String> fields = command.hashFields();
        try {
            RssSettings next = new RssSettings(
                    key == null ? old.key() : HexFormat.of().formatHex(key),
                    table == null ? old.indirectionTable() : table,
                    fields == null
                            ? old.hashFields()
                            : fields.stream().map(HashField::valueOf).toList());
            NicSettings settings = port.driver().settings().withRss(next);
            return new PortSettingsCall(this, port, settings, true, processors.get(0)).start();
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Kind.MEANINGLESS, "bad-setting", e.getMessage() + ".");
        }
    }

    private NicViews.Injected inject(NicCommand.InjectFrames command) {
        NicPort port = find(command.nic());
        requireRoom(command.bytes().length);
        FrameBatch batch = new FrameBatch();
        List<NicViews.Rejected> rejected = new ArrayList<>();
        long startPs = processors.loop().nowPs();
        int offset = 0;
        for (int i = 0; i < command.lengths().length; i++) {
            int length = command.lengths()[i];
            long gapPs = command.gapsPs()[i];
            startPs = Math.min(startPs + gapPs, EventLoop.HORIZON_PS);
            String reason = unsendable(length, startPs);
            if (reason != null) {
                rejected.add(new NicViews.Rejected(i, reason));
            } else if (command.captured()) {
                batch.add(command.bytes(), offset, length, startPs);
            } else {
                batch.addAfter(command.bytes(), offset, length, gapPs);
            }
            offset += length;
        }
        port.attach(batch);
        return new NicViews.Injected(batch.frames(), rejected);
    }

    /** Why a frame can't go out, or null. */
    private static @Nullable String unsendable(int length, long startPs) {
        if (length == 0) {
            return "empty";
        }
        if (length > LONGEST_FRAME) {
            return "longer than " + LONGEST_FRAME + " bytes";
        }
        return startPs >= EventLoop.HORIZON_PS ? "later than the machine's clock goes" : null;
    }

    private NicViews.Tap setTap(NicCommand.SetTap command) {
        NicPort port = find(command.nic());
        port.setHold(command.hold());
        return port.tapView();
    }

    private void requireRoom(long bytes) {
        long waiting = bytes;
        for (NicPort port : ports) {
            waiting += port.waitingBytes();
        }
        if (waiting > MOST_WAITING_BYTES) {
            throw new Refusal(
                    Refusal.Kind.LIMIT,
                    "wire-full",
                    "At most " + MOST_WAITING_BYTES + " bytes of frames may wait on a machine's wires.");
        }
    }

    private static IpAddress address(String field, String text) {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Kind.MALFORMED, "bad-address", field + " is not an IP address: " + text)
                    .with("field", field);
        }
    }
}
