package org.ioatlab.workload.wire;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.nic.FrameSink;
import org.ioatlab.hardware.nic.Link;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.workload.StreamPattern;
import org.jspecify.annotations.Nullable;

/**
 * The switch at the other end of a port's cable. It hands what the machine sends to the station that owns the destination address, answers
 * for all neighbours, and queues what stations send for the link to the machine, whose link address hosts have to ask for first ({@link
 * Resolution}). Both ways can lose, double, reorder, damage and delay IP packets; what is lost takes no time on the link.
 */
public final class Wire implements FrameSink {
    /** The most frames that wait on their way to a machine's port. */
    public static final int MOST_WAITING = 262_144;

    /** {@link #claim} when as many frames wait as may. */
    public static final int NO_SLOT = FrameSlots.NONE;

    private final EventLoop loop;
    private final Link link;
    private final PortAddresses machine;
    private final PacketLog log;
    private final Neighbours neighbours;
    private final FrameSlots slots = new FrameSlots(MOST_WAITING);
    private final FrameQueue queue;
    private final DelayLine toMachine;
    private final DelayLine fromMachine;
    private final FrameLayout layout = new FrameLayout();
    private final List<Station> stations = new ArrayList<>();
    private Path sending = Path.clear();
    private byte[] received = {};
    private long lostToMachine;
    private long lostFromMachine;
    private long unresolved;
    private long refused;

    private final class ToMachine implements DelayLine.Exit {
        @Override
        public void cameOut(int slot) {
            enqueue(slot);
        }
    }

    private final class FromMachine implements DelayLine.Exit {
        @Override
        public void cameOut(int slot) {
            deliver(slot);
        }
    }

    /**
     * A switch without stations.
     *
     * @param link to the machine's port
     * @param machine the port
     * @param log keeps what the machine sends
     */
    public Wire(EventLoop loop, Link link, PortAddresses machine, PacketLog log) {
        this.loop = loop;
        this.link = link;
        this.machine = machine;
        this.log = log;
        neighbours = new Neighbours(this, machine);
        queue = new FrameQueue(slots, Ethernet.HEADER_LENGTH + machine.mtu());
        toMachine = new DelayLine(loop, slots, new ToMachine());
        fromMachine = new DelayLine(loop, slots, new FromMachine());
        link.attach(queue);
    }

    /** The port at the other end. */
    public PortAddresses machine() {
        return machine;
    }

    /** Plugs a station in. */
    public void plugIn(Station station) {
        stations.add(station);
    }

    /** Pulls a station out; what is on its way to it is lost. */
    public void pullOut(Station station) {
        stations.remove(station);
    }

    /** What happens to packets that the machine sends. */
    public void setSendingPath(Path path) {
        sending = path;
    }

    /** What happens to packets that the machine sends. */
    public Path sendingPath() {
        return sending;
    }

    /** How many frames wait on their way to the machine. */
    public int waiting() {
        return slots.used();
    }

    /** How many frames wait for the link itself, or for the machine to tell its link address. */
    public int queued() {
        return queue.waiting() + neighbours.waiting();
    }

    /** How long a frame keeps the link busy. */
    public long carryPs(int frameLength) {
        return link.carryPs(frameLength);
    }

    /** Packets that were lost on their way to the machine. */
    public long lostToMachine() {
        return lostToMachine;
    }

    /** Packets that were lost on their way from the machine. */
    public long lostFromMachine() {
        return lostFromMachine;
    }

    /** Packets that hosts dropped because the machine hadn't told its link address. */
    public long unresolved() {
        return unresolved;
    }

    /** Frames for which there was no room, {@link #MOST_WAITING} waiting already. */
    public long refused() {
        return refused;
    }

    /** The link address of an IPv4 neighbour. */
    public static long neighbourMac(int ipv4) {
        return Neighbours.mac(ipv4);
    }

    /** The link address of an IPv6 neighbour. */
    public static long neighbourMac(long ipv6High, long ipv6Low) {
        return Neighbours.mac(ipv6High, ipv6Low);
    }

    /** Begins a frame with at most {@code capacity} bytes of headers; answers its slot, or {@link #NO_SLOT}. */
    public int claim(int capacity) {
        int slot = slots.claim(capacity);
        if (slot == NO_SLOT) {
            refused++;
        }
        return slot;
    }

    /** Where the headers of a frame that was begun are written, from index 0 on. */
    public byte[] headers(int slot) {
        return slots.headers(slot);
    }

    /** Sends a frame that is all headers past every impairment. */
    void sendNow(int slot, int length) {
        slots.set(slot, length);
        enqueue(slot);
    }

    /** The way to the machine for a host with that address, which has to ask for the machine's link address first. */
    public Resolution resolution(IpAddress host) {
        Resolution resolution = new Resolution(loop, this, neighbours, host);
        neighbours.add(resolution);
        return resolution;
    }

    /** Sends a frame whose {@code length} bytes have all been written, and whose sender knows the machine's link address. */
    public void send(int slot, int length, Path path) {
        slots.set(slot, length);
        depart(slot, path);
    }

    /** Says that a frame's {@code length} bytes have all been written. */
    public void set(int slot, int length) {
        slots.set(slot, length);
    }

    /**
     * Says what a frame consists of whose payload and transport checksum are made when it is carried.
     *
     * @param headerLength bytes that have been written, a multiple of 2 behind the Ethernet header
     * @param checksumAt where the checksum stands
     * @param sum over pseudo header and transport header, with a checksum of 0
     * @param pattern what the payload is taken from; null for none
     * @param offset where in the pattern it begins
     */
    public void set(
            int slot,
            int headerLength,
            int checksumAt,
            int sum,
            @Nullable StreamPattern pattern,
            long offset,
            int payloadLength) {
        slots.set(slot, headerLength, checksumAt, sum, pattern, offset, payloadLength);
    }

    @Override
    public void frameArrived(byte[] bytes, int offset, int length) {
        layout.parse(bytes, offset, length);
        if (layout.isArp()) {
            neighbours.arp(bytes, layout);
        } else if (layout.isIp()) {
            int ipLength = layout.networkEnd() - layout.networkOffset();
            log.add(machine.index(), loop.nowPs(), bytes, layout.networkOffset(), ipLength);
            if (sending.isClear()) {
                deliver(bytes);
            } else {
                impede(bytes, offset, length);
            }
        }
    }

    /** Feeds what is on the way. */
    public void hashInto(StateHash hash) {
        hash.put("wire");
        toMachine.hashInto(hash);
        fromMachine.hashInto(hash);
        sending.hashInto(hash);
        neighbours.hashInto(hash, slots);
    }

    /** A frame sets out on its way. */
    void depart(int slot, Path path) {
        if (path.isClear()) {
            enqueue(slot);
        } else if (path.loses()) {
            lose(slot);
        } else {
            int copy = path.duplicates() ? slots.copy(slot) : NO_SLOT;
            delay(slot, path, toMachine);
            if (copy != NO_SLOT) {
                delay(copy, path, toMachine);
            }
        }
    }

    /** A frame has waited for the machine's link address in vain, or finds no room to wait. */
    void dropUnresolved(int slot) {
        unresolved++;
        slots.release(slot);
    }

    private void lose(int slot) {
        lostToMachine++;
        slots.release(slot);
    }

    private void delay(int slot, Path path, DelayLine line) {
        if (path.corrupts()) {
            int bits = (slots.contentLength(slot) - Ethernet.HEADER_LENGTH) * Byte.SIZE;
            slots.flip(slot, Ethernet.HEADER_LENGTH * Byte.SIZE + path.flippedBit(bits));
        }
        long delayPs = path.delayPs(link.carryPs(Ethernet.HEADER_LENGTH + machine.mtu()));
        line.add(slot, loop.nowPs() + Math.min(delayPs, EventLoop.HORIZON_PS));
    }

    /** Where the cable is out, everything is lost. */
    private void enqueue(int slot) {
        if (!link.hasCarrier()) {
            lose(slot);
            return;
        }
        queue.add(slot, loop.nowPs());
        if (queue.waiting() == 1) {
            link.frameReady();
        }
    }

    private void impede(byte[] bytes, int offset, int length) {
        if (sending.loses()) {
            lostFromMachine++;
            return;
        }
        int copies = sending.duplicates() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            int slot = claim(length);
            if (slot != NO_SLOT) {
                System.arraycopy(bytes, offset, slots.headers(slot), 0, length);
                slots.set(slot, length);
                delay(slot, sending, fromMachine);
            }
        }
    }

    private void deliver(int slot) {
        int length = slots.frameLength(slot);
        if (received.length < length) {
            received = new byte[length];
        }
        slots.write(slot, received);
        slots.release(slot);
        layout.parse(received, 0, length);
        if (layout.isIp()) {
            deliver(received);
        }
    }

    private void deliver(byte[] frame) {
        if (layout.isIpv6() && neighbours.solicitation(frame, layout)) {
            return;
        }
        Station station = owner(frame);
        if (station != null) {
            station.arrived(frame, layout);
        }
    }

    private @Nullable Station owner(byte[] frame) {
        int ip = layout.networkOffset();
        for (int i = 0; i < stations.size(); i++) {
            Station station = stations.get(i);
            boolean owns = layout.isIpv4()
                    ? station.owns(Ipv4.destination(frame, ip))
                    : station.owns(Ipv6.destinationHigh(frame, ip), Ipv6.destinationLow(frame, ip));
            if (owns) {
                return station;
            }
        }
        return null;
    }
}
