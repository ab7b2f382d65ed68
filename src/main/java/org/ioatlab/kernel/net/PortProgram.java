package org.ioatlab.kernel.net;

import java.util.List;
import org.ioatlab.hardware.nic.PortRegister;
import org.ioatlab.hardware.nic.TransmitDescriptor;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.MacAddress;

/** Writes a port's registers from the driver's settings. */
final class PortProgram {
    private static final int LARGE_BUFFER = 2048;
    private static final int LARGE_SHIFT = 4;
    private static final int NANOSECONDS = 1_000_000_000;
    private static final int USUAL_MTU = 1500;
    private static final int FCS = 4;

    private final E1000Driver driver;

    PortProgram(E1000Driver driver) {
        this.driver = driver;
    }

    /** Everything, then buffers, receiver, interrupts and link, in that order. */
    void start(List<ReceiveRing> rings, Processor on) {
        for (ReceiveRing ring : rings) {
            base(ring, on);
        }
        format(rings.size() > 1, on);
        steering(rings.size(), on);
        addresses(on);
        checksums(on);
        interval(on);
        transmit(on);
        for (ReceiveRing ring : rings) {
            ring.fillAll(on);
        }
        write(PortRegister.RCTL, control(), on);
        write(PortRegister.IMS, causes(rings.size()), on);
        write(PortRegister.CTRL, deviceControl(), on);
    }

    /** What can change while the rings stay. */
    void refresh(int queues, Processor on) {
        steering(queues, on);
        addresses(on);
        checksums(on);
        interval(on);
        write(PortRegister.RCTL, control(), on);
        write(PortRegister.CTRL, deviceControl(), on);
    }

    private void base(ReceiveRing ring, Processor on) {
        int at = ring.queue() * PortRegister.QUEUE_STRIDE;
        write(PortRegister.RDBAL + at, (int) ring.address(), on);
        write(PortRegister.RDBAH + at, (int) (ring.address() >>> Integer.SIZE), on);
        write(PortRegister.RDLEN + at, ring.lengthBytes(), on);
        write(PortRegister.RDH + at, 0, on);
        write(PortRegister.RDT + at, 0, on);
    }

    private void transmit(Processor on) {
        long address = driver.transmitter().address();
        write(PortRegister.TDBAL, (int) address, on);
        write(PortRegister.TDBAH, (int) (address >>> Integer.SIZE), on);
        write(PortRegister.TDLEN, TransmitRing.DESCRIPTORS * TransmitDescriptor.BYTES, on);
        write(PortRegister.TDH, 0, on);
        write(PortRegister.TDT, 0, on);
        write(PortRegister.TCTL, PortRegister.TCTL_EN | PortRegister.TCTL_PSP, on);
    }

    private void format(boolean several, Processor on) {
        NicSettings settings = driver.settings();
        boolean extended = settings.splitHeaders() || several;
        write(PortRegister.RFCTL, extended ? PortRegister.RFCTL_EXTEN : 0, on);
        write(PortRegister.RLPML, settings.longestFrame() + FCS, on);
        if (settings.splitHeaders()) {
            write(PortRegister.PSRCTL, splitControl(SplitReceiveRing.pages(settings.mtu())), on);
        }
    }

    /** The header buffer in units of 128 bytes, and as many page buffers as needed in units of 1024. */
    private static int splitControl(int pages) {
        int value = SplitReceiveRing.HEADER_BYTES >> 7;
        for (int i = 1; i <= pages; i++) {
            value |= 4 << (Byte.SIZE * i);
        }
        return value;
    }

    private void steering(int queues, Processor on) {
        RssSettings rss = driver.settings().rss();
        write(PortRegister.MRQC, PortRegister.MRQC_RSS | rss.fieldMask(), on);
        byte[] key = rss.keyBytes();
        for (int i = 0; i < key.length; i += Integer.BYTES) {
            write(PortRegister.RSSRK + i, word(key[i], key[i + 1], key[i + 2], key[i + 3]), on);
        }
        List<Integer> table = rss.table(queues);
        for (int i = 0; i < table.size(); i += Integer.BYTES) {
            int entries = word(table.get(i), table.get(i + 1), table.get(i + 2), table.get(i + 3));
            write(PortRegister.RETA + i, entries, on);
        }
    }

    private void addresses(Processor on) {
        address(0, driver.address(), on);
        List<MacAddress> groups = driver.settings().multicast();
        for (int i = 0; i < NicSettings.LARGEST_GROUPS; i++) {
            if (i < groups.size()) {
                address(i + 1, groups.get(i), on);
            } else {
                write(PortRegister.RAH + Long.BYTES * (i + 1), 0, on);
            }
        }
    }

    private void address(int entry, MacAddress address, Processor on) {
        long little = Long.reverseBytes(address.bits() << 16);
        write(PortRegister.RAL + Long.BYTES * entry, (int) little, on);
        write(PortRegister.RAH + Long.BYTES * entry, (int) (little >>> Integer.SIZE) | PortRegister.RAH_AV, on);
    }

    private void checksums(Processor on) {
        int offload = PortRegister.RXCSUM_IPOFLD | PortRegister.RXCSUM_TUOFLD;
        int wanted = driver.settings().checksumOffload() ? offload : 0;
        write(PortRegister.RXCSUM, PortRegister.RXCSUM_PCSD | wanted, on);
    }

    /** Rounded up, so that the rate is never exceeded. */
    private void interval(Processor on) {
        int rate = driver.settings().interruptsPerSecond();
        write(PortRegister.ITR, rate == 0 ? 0 : (NANOSECONDS + rate - 1) / rate, on);
    }

    private int control() {
        NicSettings settings = driver.settings();
        int control = PortRegister.RCTL_EN | PortRegister.RCTL_BAM | PortRegister.RCTL_SECRC;
        control |= settings.promiscuous() ? PortRegister.RCTL_UPE | PortRegister.RCTL_MPE : 0;
        control |= settings.allMulticast() ? PortRegister.RCTL_MPE : 0;
        control |= settings.mtu() > USUAL_MTU ? PortRegister.RCTL_LPE : 0;
        return control | (settings.splitHeaders() ? PortRegister.RCTL_DTYP_PS : bufferSize(settings));
    }

    /** The buffer size's code: 2048 is 0, larger ones are 4096, 8192 and 16384 as 256, 512 and 1024 times 16. */
    private static int bufferSize(NicSettings settings) {
        int bytes = PlainReceiveRing.bufferBytes(settings);
        if (bytes <= LARGE_BUFFER) {
            return 0;
        }
        int code = Integer.numberOfTrailingZeros(LARGE_BUFFER) - Integer.numberOfTrailingZeros(bytes >> LARGE_SHIFT);
        return code << PortRegister.RCTL_BSIZE_SHIFT | PortRegister.RCTL_BSEX;
    }

    private int causes(int queues) {
        int causes = PortRegister.CAUSE_RXDMT0 | PortRegister.CAUSE_LSC;
        for (int i = 0; i < queues; i++) {
            causes |= driver.causesOf(i);
        }
        return causes;
    }

    private int deviceControl() {
        return PortRegister.CTRL_SLU | (driver.settings().vlanStripping() ? PortRegister.CTRL_VME : 0);
    }

    private void write(int offset, int value, Processor on) {
        driver.writeRegister(offset, value, Symbol.WRITEL, on);
    }

    private static int word(int first, int second, int third, int fourth) {
        return (first & 0xff) | (second & 0xff) << 8 | (third & 0xff) << 16 | (fourth & 0xff) << 24;
    }
}
