package org.ioatlab.hardware.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A 64-bit hash of one page's bytes, zero for a page of zeros: four multiply-and-rotate lanes, mixed at the end. */
final class PageHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ODD_1 = 0x9e3779b185ebca87L;
    private static final long ODD_2 = 0xc2b2ae3d27d4eb4fL;
    private static final int LANES = 4;

    private PageHash() {}

    static long of(byte[] page) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        for (int i = 0; i < page.length; i += LANES * Long.BYTES) {
            a = step(a, (long) LONGS.get(page, i));
            b = step(b, (long) LONGS.get(page, i + 8));
            c = step(c, (long) LONGS.get(page, i + 16));
            d = step(d, (long) LONGS.get(page, i + 24));
        }
        return mix(a + Long.rotateLeft(b, 17) * ODD_1 + Long.rotateLeft(c, 31) * ODD_2 + Long.rotateLeft(d, 47));
    }

    /** The share of a page with that hash in the sum over all pages; a page of zeros has none. */
    static long placed(long pageHash, int frame) {
        return pageHash == 0 ? 0 : mix(pageHash + (frame + 1) * ODD_2);
    }

    private static long step(long lane, long word) {
        return Long.rotateLeft((lane ^ word) * ODD_1, 29);
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 33)) * ODD_2;
        z = (z ^ (z >>> 29)) * ODD_1;
        return z ^ (z >>> 32);
    }
}
