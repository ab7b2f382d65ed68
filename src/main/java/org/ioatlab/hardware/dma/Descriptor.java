package org.ioatlab.hardware.dma;

/**
 * Layout of a copy descriptor in memory: 64 bytes, little-endian, aligned to 64; the engine reads the first 32. Fields after Linux 2.6.18
 * ioatdma.
 */
public final class Descriptor {
    /** Size and alignment. */
    public static final int BYTES = 64;

    /** Size in the low, control in the high half of eight bytes. */
    public static final int SIZE_AND_CONTROL = 0;

    /** Physical source address. */
    public static final int SOURCE = 8;

    /** Physical destination address. */
    public static final int DESTINATION = 16;

    /** Physical address of the next descriptor, 0 at the end of the chain. */
    public static final int NEXT = 24;

    /** Interrupt when done. */
    public static final int CONTROL_INTERRUPT = 0x1;

    /** Write the completion word when done. */
    public static final int CONTROL_COMPLETION = 0x8;

    /** Copy nothing. */
    public static final int CONTROL_NULL = 0x20;

    /** Snoop, fence, page-break and hint bits: accepted, without effect here. */
    public static final int CONTROL_HINTS = 0x7d6;

    private Descriptor() {}
}
