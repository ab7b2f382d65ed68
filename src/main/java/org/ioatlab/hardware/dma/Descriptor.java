package org.ioatlab.hardware.dma;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.ioatlab.hardware.memory.PhysicalMemory;

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

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Descriptor() {}

    /** Writes a whole descriptor. */
    public static void write(
            PhysicalMemory memory, long address, int length, int control, long source, long destination, long next) {
        byte[] frame = memory.write((int) (address >> PhysicalMemory.PAGE_SHIFT));
        int at = (int) address & (PhysicalMemory.PAGE_SIZE - 1);
        LONGS.set(frame, at + SIZE_AND_CONTROL, length | (long) control << Integer.SIZE);
        LONGS.set(frame, at + SOURCE, source);
        LONGS.set(frame, at + DESTINATION, destination);
        LONGS.set(frame, at + NEXT, next);
    }

    static long field(byte[] frame, int offset) {
        return (long) LONGS.get(frame, offset);
    }
}
