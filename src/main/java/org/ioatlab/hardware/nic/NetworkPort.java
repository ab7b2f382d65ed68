package org.ioatlab.hardware.nic;

import java.util.Map;
import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.pci.PciFunction;
import org.ioatlab.observe.PacketCapture;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;

/**
 * One port of the "next-generation" controller of the OLS 2005 paper: the 82571's packet split and interrupt moderation with up to eight
 * receive queues. A driver works it through {@link PortRegister}s and descriptor rings in memory. Frames come error-free from the link: the
 * frame check sequence is time on the wire and nothing else.
 */
public final class NetworkPort extends PciFunction
        implements Link.Receiver, ReceiveUnit.Output, TransmitUnit.Output, InterruptModeration.Output {
    /** Receive queues. */
    public static final int QUEUES = 8;

    /** Ports that a machine can have: eth0 to eth7. */
    public static final int LARGEST_PORTS = 8;

    /** Entries of the redirection table. */
    public static final int TABLE_ENTRIES = FlowSteering.TABLE_ENTRIES;

    /** Exact addresses that a port listens to, its own included. */
    public static final int ADDRESSES = AddressFilter.ENTRIES;

    private static final int DEVICE_ID = 0x105e;
    private static final int ETHERNET_CONTROLLER = 0x0200;
    private static final int REVISION = 6;
    private static final int REGISTER_BYTES = 0x2_0000;
    private static final long FIRST_BASE = 0xfea0_0000L;
    private static final int ADDRESS_PAIR_BYTES = 8;

    private final int index;
    private final Link link;
    private final PacketCapture capture;
    private final PortStatistics statistics = new PortStatistics();
    private final ReceiveUnit receive;
    private final TransmitUnit transmit;
    private final InterruptModeration interrupts;
    private boolean cable = true;
    private int control;

    /**
     * @param index 0 to {@link #LARGEST_PORTS} - 1: eth0 sits at 0000:01:00.0, eth1 at 0000:02:00.0
     * @param link what it receives from; it sends at the same rate
     * @param capture keeps what goes over the wire, if it is switched on
     */
    public NetworkPort(EventLoop loop, int index, BusMaster memory, Link link, PacketCapture capture) {
        super(
                loop,
                "0000:0" + (index + 1) + ":00.0",
                DEVICE_ID,
                ETHERNET_CONTROLLER,
                REVISION,
                "Intel Corporation 82571EB Gigabit Ethernet Controller, next generation",
                FIRST_BASE + (long) index * REGISTER_BYTES,
                REGISTER_BYTES);
        this.index = index;
        this.link = link;
        this.capture = capture;
        receive = new ReceiveUnit(loop, memory, statistics, this);
        transmit = new TransmitUnit(loop, memory, link.psPerByte(), statistics, this);
        interrupts = new InterruptModeration(loop, this);
        link.connect(this);
    }

    /** The interface's name: eth0 to eth7. */
    public String interfaceName() {
        return "eth" + index;
    }

    /** What it receives from. */
    public Link link() {
        return link;
    }

    /** What it sends over. */
    public Uplink uplink() {
        return transmit.uplink();
    }

    /** Whether the cable is in; it is at first. */
    public boolean hasCable() {
        return cable;
    }

    /** Pulls the cable or puts it back. The driver learns of it by an interrupt; a frame that has started still arrives, either way. */
    public void setCable(boolean in) {
        if (cable != in) {
            cable = in;
            updateCarrier();
            if (wantsLink()) {
                interrupts.raise(PortRegister.CAUSE_LSC);
            }
        }
    }

    /** What it has counted. */
    public PortStatistics statistics() {
        return statistics;
    }

    /** Bytes of frames that wait in the packet buffer for descriptors, or for the memory bus. */
    public int packetBufferBytes() {
        return receive.packetBuffer().usedBytes();
    }

    /** Frames that wait in the packet buffer for descriptors, or for the memory bus. */
    public int packetBufferFrames() {
        return receive.packetBuffer().frames();
    }

    @Override
    public void frameArrived(byte[] bytes, int offset, int length) {
        capture.received(loop().nowPs(), bytes, offset, length);
        receive.frameArrived(bytes, offset, length);
    }

    @Override
    public void stored(int queue) {
        interrupts.raise(PortRegister.CAUSE_RXQ0 << queue);
    }

    @Override
    public void sent(byte[] bytes, int length) {
        capture.sent(loop().nowPs(), bytes, 0, length);
    }

    @Override
    public void reported() {
        interrupts.raise(PortRegister.CAUSE_TXDW);
    }

    @Override
    public void sendInterrupt() {
        signal(0);
    }

    /** Adds the port's counters, under the names of {@code ethtool -S}. */
    public void addStatisticsTo(Map<String, Long> counters, int queues) {
        statistics.addTo(counters);
        for (int i = 0; i < queues; i++) {
            statistics.addQueueTo(counters, i);
        }
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(control);
        hash.put(cable);
        receive.hashInto(hash);
        transmit.hashInto(hash);
        interrupts.hashInto(hash);
        link.hashInto(hash);
    }

    @Override
    protected void stop() {
        control = 0;
        updateCarrier();
        receive.write(PortRegister.RCTL, 0);
        transmit.write(PortRegister.TCTL, 0);
        interrupts.reset();
    }

    @Override
    protected void writeRegister(int offset, int bytes, long value) {
        int word = (int) value;
        switch (offset) {
            case PortRegister.CTRL -> setControl(word);
            case PortRegister.ITR -> interrupts.setIntervalNs(word);
            case PortRegister.ICS -> interrupts.raise(word);
            case PortRegister.IMS -> interrupts.unmask(word);
            case PortRegister.IMC -> interrupts.mask(word);
            case PortRegister.MRQC -> receive.steering().setControl(word);
            case PortRegister.TCTL,
                    PortRegister.TDBAL,
                    PortRegister.TDBAH,
                    PortRegister.TDLEN,
                    PortRegister.TDH,
                    PortRegister.TDT -> transmit.write(offset, word);
            default -> writeReceive(offset, word);
        }
    }

    @Override
    protected long readRegister(int offset, int bytes) {
        return offset == PortRegister.ICR
                ? Integer.toUnsignedLong(interrupts.readCauses())
                : peekRegister(offset, bytes);
    }

    @Override
    protected long peekRegister(int offset, int bytes) {
        return Integer.toUnsignedLong(
                switch (offset) {
                    case PortRegister.CTRL -> control;
                    case PortRegister.STATUS -> link.hasCarrier() ? PortRegister.STATUS_LU : 0;
                    case PortRegister.ICR -> interrupts.causes();
                    case PortRegister.ITR -> interrupts.intervalNs();
                    case PortRegister.IMS -> interrupts.mask();
                    case PortRegister.MRQC -> receive.steering().control();
                    case PortRegister.MDIC -> cable ? PortRegister.MDIC_LINK : 0;
                    case PortRegister.TCTL,
                            PortRegister.TDBAL,
                            PortRegister.TDBAH,
                            PortRegister.TDLEN,
                            PortRegister.TDH,
                            PortRegister.TDT -> transmit.read(offset);
                    default -> peekReceive(offset);
                });
    }

    private void setControl(int value) {
        boolean wanted = wantsLink();
        control = value;
        receive.setTagStripping((value & PortRegister.CTRL_VME) != 0);
        updateCarrier();
        if (!wanted && wantsLink() && !cable) {
            interrupts.raise(PortRegister.CAUSE_LSC);
        }
    }

    private boolean wantsLink() {
        return (control & PortRegister.CTRL_SLU) != 0;
    }

    /** The link is up when the driver wants it and the cable is in. */
    private void updateCarrier() {
        boolean up = wantsLink() && cable;
        link.setCarrier(up);
        transmit.uplink().setCarrier(up);
    }

    private void writeReceive(int offset, int value) {
        if (isQueueRegister(offset)) {
            receive.queue(queueOf(offset)).write(queueRegister(offset), value);
            receive.drain();
        } else if (isAddress(offset)) {
            writeAddress(offset - PortRegister.RAL, value);
        } else if (isIn(offset, PortRegister.RETA, TABLE_ENTRIES)) {
            put(receive.steering().table(), offset - PortRegister.RETA, value);
        } else if (isIn(offset, PortRegister.RSSRK, receive.steering().key().length)) {
            put(receive.steering().key(), offset - PortRegister.RSSRK, value);
            receive.steering().keyChanged();
        } else {
            receive.write(offset, value);
        }
    }

    private int peekReceive(int offset) {
        if (isQueueRegister(offset)) {
            return receive.queue(queueOf(offset)).read(queueRegister(offset));
        }
        if (isAddress(offset)) {
            return readAddress(offset - PortRegister.RAL);
        }
        if (isIn(offset, PortRegister.RETA, TABLE_ENTRIES)) {
            return get(receive.steering().table(), offset - PortRegister.RETA);
        }
        if (isIn(offset, PortRegister.RSSRK, receive.steering().key().length)) {
            return get(receive.steering().key(), offset - PortRegister.RSSRK);
        }
        return receive.read(offset);
    }

    private void writeAddress(int within, int value) {
        int entry = within / ADDRESS_PAIR_BYTES;
        if (within % ADDRESS_PAIR_BYTES == 0) {
            receive.filter().setLow(entry, value);
        } else {
            receive.filter().setHigh(entry, value);
        }
    }

    private int readAddress(int within) {
        int entry = within / ADDRESS_PAIR_BYTES;
        return within % ADDRESS_PAIR_BYTES == 0
                ? receive.filter().low(entry)
                : receive.filter().high(entry);
    }

    private static boolean isQueueRegister(int offset) {
        return isIn(offset, PortRegister.RDBAL, QUEUES * PortRegister.QUEUE_STRIDE);
    }

    private static int queueOf(int offset) {
        return (offset - PortRegister.RDBAL) / PortRegister.QUEUE_STRIDE;
    }

    private static int queueRegister(int offset) {
        return PortRegister.RDBAL + (offset - PortRegister.RDBAL) % PortRegister.QUEUE_STRIDE;
    }

    private static boolean isAddress(int offset) {
        return isIn(offset, PortRegister.RAL, ADDRESSES * ADDRESS_PAIR_BYTES);
    }

    private static boolean isIn(int offset, int first, int length) {
        return offset >= first && offset < first + length;
    }

    private static void put(byte[] target, int at, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            target[at + i] = (byte) (value >>> (Byte.SIZE * i));
        }
    }

    private static int get(byte[] source, int at) {
        int value = 0;
        for (int i = Integer.BYTES; i-- > 0; ) {
            value = value << Byte.SIZE | (source[at + i] & 0xff);
        }
        return value;
    }

    /** The clock begins at 0 again, as at the end of a boot. */
    public void restart() {
        interrupts.restart();
    }
}
