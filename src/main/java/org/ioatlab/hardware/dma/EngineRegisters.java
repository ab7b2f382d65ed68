package org.ioatlab.hardware.dma;

/**
 * Offsets and bits of the engine's registers (version 1.2; Linux 2.6.18 ioatdma). General ones from the base address, channel ones from
 * the channel's block.
 */
public final class EngineRegisters {
    /** Number of channels, 8 bits. */
    public static final int CHANCNT = 0x00;

    /** log2 of the most that one descriptor copies, 8 bits. */
    public static final int XFERCAP = 0x01;

    /** General control, 8 bits. */
    public static final int GENCTRL = 0x02;

    /** Interrupt control, 8 bits. */
    public static final int INTRCTRL = 0x03;

    /** A bit for each channel that wants attention, 32 bits; reading clears it. */
    public static final int ATTNSTATUS = 0x04;

    /** Version, 8 bits. */
    public static final int CBVER = 0x08;

    /** Offset of per-port registers, 16 bits. */
    public static final int PERPORTOFFSET = 0x0a;

    /** Interrupt delay, 16 bits. */
    public static final int INTRDELAY = 0x0c;

    /** Device status, 16 bits. */
    public static final int DEVICE_STATUS = 0x0e;

    /** Distance of the channels' blocks; that of channel i begins at (i + 1) times this. */
    public static final int CHANNEL_BLOCK = 0x80;

    /** Channel control, 16 bits; reading marks the channel as in use. */
    public static final int CHANCTRL = 0x00;

    /** DMA compatibility, 16 bits. */
    public static final int DMA_COMP = 0x02;

    /** Channel status, 64 bits: the last descriptor done and the state. */
    public static final int CHANSTS = 0x04;

    /** Address of the first descriptor, 64 bits. */
    public static final int CHAINADDR = 0x0c;

    /** Channel command, 8 bits. */
    public static final int CHANCMD = 0x14;

    /** Where the completion word is written, 64 bits. */
    public static final int CHANCMP = 0x18;

    /** Current descriptor, 64 bits. */
    public static final int CDAR = 0x20;

    /** Errors, 32 bits; writing a one clears it. */
    public static final int CHANERR = 0x28;

    /** Errors that don't interrupt, 32 bits. */
    public static final int CHANERR_MASK = 0x2c;

    public static final int INTRCTRL_MASTER_ENABLE = 0x1;
    public static final int INTRCTRL_STATUS = 0x2;
    public static final int INTRCTRL_INTERRUPT = 0x4;

    public static final int CHANCTRL_IN_USE = 0x100;
    public static final int CHANCTRL_ERROR_INTERRUPT = 0x10;
    public static final int CHANCTRL_ANY_ERROR_ABORT = 0x08;
    public static final int CHANCTRL_ERROR_COMPLETION = 0x04;
    public static final int CHANCTRL_INTERRUPT_DISABLE = 0x01;

    public static final int CHANCMD_START = 0x01;
    public static final int CHANCMD_APPEND = 0x02;
    public static final int CHANCMD_SUSPEND = 0x04;
    public static final int CHANCMD_ABORT = 0x08;
    public static final int CHANCMD_RESUME = 0x10;
    public static final int CHANCMD_RESET = 0x20;

    public static final int STATUS_ACTIVE = 0;
    public static final int STATUS_IDLE = 1;
    public static final int STATUS_SUSPENDED = 2;
    public static final int STATUS_HALTED = 3;
    public static final int STATUS_MASK = 0x7;
    public static final int STATUS_UNAFFILIATED_ERROR = 0x08;
    public static final int STATUS_SOFT_ERROR = 0x10;
    public static final long DESCRIPTOR_MASK = ~0x3fL;

    /** CBVER of the first engine, that of the 5000 series. */
    public static final int VERSION_1_2 = 0x12;

    private EngineRegisters() {}
}
