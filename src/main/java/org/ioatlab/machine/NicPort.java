package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.nic.FrameBatch;
import org.ioatlab.hardware.nic.Link;
import org.ioatlab.hardware.nic.NetworkPort;
import org.ioatlab.hardware.pci.PciBus;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.net.E1000Driver;
import org.ioatlab.kernel.net.EthernetDevice;
import org.ioatlab.kernel.net.HeldPacket;
import org.ioatlab.kernel.net.NetDevice;
import org.ioatlab.kernel.net.NetRxAction;
import org.ioatlab.kernel.net.NetTxAction;
import org.ioatlab.kernel.net.NetifReceive;
import org.ioatlab.kernel.net.NicSettings;
import org.ioatlab.kernel.net.PacketTap;
import org.ioatlab.kernel.net.RssSettings;
import org.ioatlab.kernel.net.SocketBuffers;
import org.ioatlab.kernel.net.ip.IpLayer;
import org.ioatlab.kernel.pci.PciCore;
import org.ioatlab.kernel.sched.CrossCall;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.observe.Observation;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.MacAddress;
import org.ioatlab.workload.wire.PacketLog;
import org.ioatlab.workload.wire.PortAddresses;
import org.ioatlab.workload.wire.Wire;
import org.jspecify.annotations.Nullable;

/** One network port of a machine with its link, its driver and the packet tap behind it. */
final class NicPort {
    private final int index;
    private final int cpus;
    private final PhysicalMemory memory;
    private final NetworkPort port;
    private final PortCapture capture;
    private final boolean tapped;
    private final PacketTap tap;
    private final NetifReceive netif;
    private final E1000Driver driver;
    private final EthernetDevice device;
    private final List<FrameBatch> batches = new ArrayList<>();

    NicPort(
            int index,
            MachineSpec spec,
            EventLoop loop,
            Processors processors,
            SocketBuffers buffers,
            BusMaster bus,
            NetRxAction rxAction,
            NetTxAction txAction,
            CrossCall crossCall,
            Platform platform,
            Observation observation) {
        this.index = index;
        cpus = processors.count();
        memory = buffers.memory().bytes();
        capture = new PortCapture(observation.capture(index));
        tapped = spec.kernel().packetTap();
        tap = new PacketTap(buffers, platform);
        netif = new NetifReceive(buffers, platform, index, tapped ? tap : null);
        port = new NetworkPort(loop, index, bus, link(loop, spec.nic().linkMbps()), observation.capture(index));
        driver = new E1000Driver(
                port,
                MacAddress.parse("02:00:00:00:00:0" + (index + 1)),
                settings(spec.nic()),
                processors,
                buffers,
                rxAction,
                txAction,
                netif,
                crossCall,
                platform,
                spec.kernel().napiWeight());
        device = new EthernetDevice(
                driver, index, IpAddress.parse("10.0." + index + ".1"), IpAddress.parse("fd00:0:0:" + index + "::1"));
    }

    String name() {
        return port.interfaceName();
    }

    E1000Driver driver() {
        return driver;
    }

    /** Lets IP send and receive by the port. */
    void attachTo(IpLayer ip) {
        ip.attach(device, netif);
    }

    /** The port as protocols see it. */
    NetDevice device() {
        return device;
    }

    /** Plugs a switch into the cable's other end. */
    Wire plugInto(EventLoop loop, PacketLog log) {
        PortAddresses addresses = new PortAddresses(
                index,
                driver.address(),
                device.ipv4(),
                device.ipv6(),
                driver.settings().mtu());
        Wire wire = new Wire(loop, port.link(), addresses, log);
        port.uplink().connect(wire);
        return wire;
    }

    void setCable(boolean in) {
        port.setCable(in);
    }

    PacketTap tap() {
        return tap;
    }

    void plugInto(PciBus bus, PciCore core) {
        bus.add(port);
        core.claim(port, "e1000");
    }

    boolean open(Processor on) {
        return driver.open(on);
    }

    void attach(FrameBatch batch) {
        batches.removeIf(FrameBatch::isFinished);
        if (!batch.isFinished()) {
            batches.add(batch);
            port.link().attach(batch);
        }
    }

    long waitingFrames() {
        return port.link().waitingFrames();
    }

    /** Bytes of batches that still have frames to send. */
    long waitingBytes() {
        batches.removeIf(FrameBatch::isFinished);
        long bytes = 0;
        for (FrameBatch batch : batches) {
            bytes += batch.totalBytes();
        }
        return bytes;
    }

    void setHold(int packets) {
        if (!tapped) {
            throw Refusal.conflict(
                    "no-packet-tap", "This machine's kernel has no packet tap: kernel.packetTap is false.");
        }
        try {
            tap.setHoldPackets(packets);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Kind.MALFORMED, "bad-hold", e.getMessage() + ".");
        }
    }

    /** The settings with another number of queues; a table that names queues beyond it becomes an even one. */
    NicSettings withQueues(NicSettings old, int queues) {
        boolean fits = old.rss().indirectionTable().stream().allMatch(queue -> queue < queues);
        RssSettings rss = fits
                ? old.rss()
                : new RssSettings(old.rss().key(), List.of(), old.rss().hashFields());
        return old.withRss(rss).withReceiveQueues(cpus == 1 ? 1 : queues);
    }

    NicViews.Nic view() {
        NicSettings settings = driver.settings();
        return new NicViews.Nic(
                name(),
                driver.address().toString(),
                device.ipv4().toString(),
                device.ipv6().toString(),
                port.address(),
                port.link().mbps(),
                settings.mtu(),
                driver.queues(),
                settings.ringSize(),
                settings.splitHeaders(),
                settings.checksumOffload(),
                settings.tso(),
                settings.interruptsPerSecond(),
                settings.promiscuous(),
                port.hasCable(),
                port.link().waitingFrames());
    }

    NicViews.Tap tapView() {
        return new NicViews.Tap(tap.holdPackets(), tap.held(), tap.packets(), tap.dropped());
    }

    List<NicViews.Packet> packets(long after, int most, @Nullable Integer queue) {
        List<NicViews.Packet> found = new ArrayList<>();
        for (HeldPacket packet : tap.view(after + 1, Integer.MAX_VALUE)) {
            if (found.size() < most && (queue == null || queue == packet.queue())) {
                found.add(view(packet));
            }
        }
        return found;
    }

    @Nullable
    HeldPacket packet(long sequence) {
        return tap.find(sequence);
    }

    MemoryFace.KernelBuffers.@Nullable Located locate(String id) {
        String prefix = bufferPrefix();
        if (!id.startsWith(prefix)) {
            return null;
        }
        try {
            HeldPacket packet = tap.find(Long.parseLong(id, prefix.length(), id.length(), 10));
            return packet == null
                    ? null
                    : new MemoryFace.KernelBuffers.Located(packet.headerAddress(), packet.headerLength());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    PortCapture capture() {
        return capture;
    }

    void hashInto(StateHash hash) {
        driver.hashInto(hash);
        netif.hashInto(hash);
    }

    private String bufferPrefix() {
        return MemoryFace.KernelBuffers.PREFIX + index + "-";
    }

    private NicViews.Packet view(HeldPacket packet) {
        List<NicViews.Fragment> fragments = packet.fragments().stream()
                .map(part -> new NicViews.Fragment(MemoryFace.pageName(part.page()), part.offset(), part.length()))
                .toList();
        return new NicViews.Packet(
                packet.sequence(),
                Picoseconds.toNanoseconds(packet.atPs()),
                packet.queue(),
                packet.cpu(),
                "0x%08x".formatted(packet.hash()),
                packet.hashType().name(),
                packet.split(),
                packet.checksumError() ? "BAD" : packet.checksum().name(),
                packet.length(),
                new NicViews.Header(
                        bufferPrefix() + packet.sequence(),
                        "0x%08x".formatted(KernelMemory.PAGE_OFFSET + packet.headerAddress()),
                        0,
                        packet.headerLength()),
                fragments,
                SegmentDecoder.decode(packet.bytes(memory)));
    }

    private static Link link(EventLoop loop, int mbps) {
        try {
            return new Link(loop, mbps);
        } catch (IllegalArgumentException e) {
            throw Refusal.meaningless("bad-link-rate", e.getMessage() + ".").with("allowed", Link.RATES_MBPS);
        }
    }

    private NicSettings settings(NicSpec spec) {
        try {
            return NicSettings.DEFAULT
                    .withMtu(spec.mtu())
                    .withReceiveQueues(cpus == 1 ? 1 : spec.receiveQueues())
                    .withRingSize(spec.ringSize())
                    .withSplitHeaders(spec.splitHeaders())
                    .withChecksumOffload(spec.checksumOffload())
                    .withTso(spec.tso())
                    .withInterruptsPerSecond(spec.interruptsPerSecond());
        } catch (IllegalArgumentException e) {
            throw Refusal.meaningless("bad-nic", "nic." + e.getMessage() + ".");
        }
    }
}
