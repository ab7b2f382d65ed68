package org.ioatlab.hardware.dma;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.memory.SharedBandwidth;
import org.ioatlab.hardware.pci.PciFunction;
import org.ioatlab.observe.Timeline;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;

/**
 * The DMA copy engine in the chip set (OLS 2005 paper, section 4.1): a PCI function with several channels that share one data path to
 * memory. Registers as version 1.2 has them (Linux 2.6.18 ioatdma).
 */
public final class CopyEngine extends PciFunction {
    /** The engine of the 5000 series. */
    public static final int DEVICE_ID = 0x1a38;

    /** Class "system peripheral". */
    public static final int CLASS_CODE = 0x0880;

    private static final int SMALLEST_REGISTER_BLOCK = 1024;

    private final List<EngineChannel> channels = new ArrayList<>();
    private final SharedBandwidth dataPath;
    private final int transferCapBytes;
    private final Timeline timeline;
    private final int firstTrack;
    private int interruptControl;
    private int attention;

    /**
     * @param channels 1 to 16
     * @param transferCapBytes a power of two, the most that one descriptor copies
     * @param random for corruption that is injected
     * @param firstTrack the timeline's track of channel 0
     */
    public CopyEngine(
            EventLoop loop,
            String address,
            long baseAddress,
            BusMaster memory,
            int channels,
            int transferCapBytes,
            EngineTiming timing,
            SeededRandom random,
            Timeline timeline,
            int firstTrack) {
        super(
                loop,
                address,
                DEVICE_ID,
                CLASS_CODE,
                1,
                "Intel Corporation 5000 Series Chipset DMA Engine",
                baseAddress,
                Math.max(
                        SMALLEST_REGISTER_BLOCK,
                        Integer.highestOneBit((channels + 1) * EngineRegisters.CHANNEL_BLOCK - 1) * 2));
        this.transferCapBytes = transferCapBytes;
        this.timeline = timeline;
        this.firstTrack = firstTrack;
        dataPath = new SharedBandwidth(loop, channels, timing.megabytesPerSecond());
        for (int i = 0; i < channels; i++) {
            this.channels.add(new EngineChannel(this, i, loop, memory, dataPath, timing, random, transferCapBytes));
        }
    }

    /** How many channels it has. */
    public int channelCount() {
        return channels.size();
    }

    /** The most that one descriptor copies, in bytes. */
    public int transferCapBytes() {
        return transferCapBytes;
    }

    /** A channel, for injecting faults and watching. */
    public EngineChannel channel(int number) {
        return channels.get(number);
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(interruptControl);
        hash.put(attention);
        dataPath.hashInto(hash);
        for (int i = 0; i < channels.size(); i++) {
            channels.get(i).hashInto(hash);
        }
    }

    @Override
    protected void stop() {
        for (int i = 0; i < channels.size(); i++) {
            channels.get(i).stop();
        }
    }

    @Override
    protected long readRegister(int offset, int bytes) {
        int channel = offset / EngineRegisters.CHANNEL_BLOCK - 1;
        if (channel >= 0 && channel < channels.size()) {
            return channels.get(channel).readRegister(offset % EngineRegisters.CHANNEL_BLOCK, bytes);
        }
        long value = peekRegister(offset, bytes);
        if (offset == EngineRegisters.ATTNSTATUS) {
            attention = 0;
            interruptControl &= ~(EngineRegisters.INTRCTRL_STATUS | EngineRegisters.INTRCTRL_INTERRUPT);
        }
        return value;
    }

    @Override
    protected long peekRegister(int offset, int bytes) {
        int channel = offset / EngineRegisters.CHANNEL_BLOCK - 1;
        if (channel >= 0 && channel < channels.size()) {
            return channels.get(channel).peekRegister(offset % EngineRegisters.CHANNEL_BLOCK, bytes);
        }
        return switch (offset) {
            case EngineRegisters.CHANCNT -> channels.size();
            case EngineRegisters.XFERCAP -> Integer.numberOfTrailingZeros(transferCapBytes);
            case EngineRegisters.INTRCTRL -> interruptControl;
            case EngineRegisters.ATTNSTATUS -> attention;
            case EngineRegisters.CBVER -> EngineRegisters.VERSION_1_2;
            default -> 0;
        };
    }

    @Override
    protected void writeRegister(int offset, int bytes, long value) {
        int channel = offset / EngineRegisters.CHANNEL_BLOCK - 1;
        if (channel >= 0 && channel < channels.size()) {
            channels.get(channel).writeRegister(offset % EngineRegisters.CHANNEL_BLOCK, bytes, value);
        } else if (offset == EngineRegisters.INTRCTRL) {
            interruptControl = (int) value & EngineRegisters.INTRCTRL_MASTER_ENABLE;
            if (attention != 0) {
                raise();
            }
        }
    }

    void wantAttention(int channel) {
        attention |= 1 << channel;
        raise();
    }

    /** Attention that nobody has read yet interrupts as soon as that is enabled. */
    private void raise() {
        interruptControl |= EngineRegisters.INTRCTRL_STATUS;
        if ((interruptControl & EngineRegisters.INTRCTRL_MASTER_ENABLE) != 0) {
            interruptControl |= EngineRegisters.INTRCTRL_INTERRUPT;
            signal(0);
        }
    }

    void observe(int channel, int bytes, long beganPs) {
        if (timeline.isEnabled()) {
            timeline.span(firstTrack + channel, "copy " + bytes, beganPs, loop().nowPs());
        }
    }
}
