package org.ioatlab.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in network byte order at any offset of a byte array (RFC 1700: most significant byte first). */
public final class BigEndian {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private BigEndian() {}

    /** The byte at {@code offset}, 0 to 255. */
    public static int u8(byte[] bytes, int offset) {
        return bytes[offset] & 0xff;
    }

    /** The 16-bit number at {@code offset}, 0 to 65535. */
    public static int u16(byte[] bytes, int offset) {
        return (short) SHORT.get(bytes, offset) & 0xffff;
    }

    /** The 32 bits at {@code offset}. */
    public static int i32(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    /** The unsigned 32-bit number at {@code offset}. */
    public static long u32(byte[] bytes, int offset) {
        return Integer.toUnsignedLong(i32(bytes, offset));
    }

    /** The 48 bits at {@code offset}, as a MAC address has them. */
    public static long u48(byte[] bytes, int offset) {
        return (long) u16(bytes, offset) << 32 | u32(bytes, offset + 2);
    }

    /** The 64 bits at {@code offset}. */
    public static long i64(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    /** Writes the low 8 bits of {@code value}. */
    public static void put8(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) value;
    }

    /** Writes the low 16 bits of {@code value}. */
    public static void put16(byte[] bytes, int offset, int value) {
        SHORT.set(bytes, offset, (short) value);
    }

    /** Writes the 32 bits of {@code value}. */
    public static void put32(byte[] bytes, int offset, int value) {
        INT.set(bytes, offset, value);
    }

    /** Writes the low 48 bits of {@code value}. */
    public static void put48(byte[] bytes, int offset, long value) {
        put16(bytes, offset, (int) (value >>> 32));
        put32(bytes, offset + 2, (int) value);
    }

    /** Writes the 64 bits of {@code value}. */
    public static void put64(byte[] bytes, int offset, long value) {
        LONG.set(bytes, offset, value);
    }
}
