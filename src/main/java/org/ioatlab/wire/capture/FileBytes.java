package org.ioatlab.wire.capture;

import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.capture.CaptureFormatException.Kind;

/** A file's bytes read in the byte order that it announces, with a clear failure where they end too early. */
final class FileBytes {
    private final byte[] bytes;
    private boolean swapped;

    FileBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return bytes.length;
    }

    /** Numbers are little-endian from here on, or big-endian. */
    void setLittleEndian(boolean littleEndian) {
        swapped = littleEndian;
    }

    int u8(int position) {
        return BigEndian.u8(bytes, position);
    }

    int u16(int position) {
        int value = BigEndian.u16(bytes, position);
        return swapped ? Short.toUnsignedInt(Short.reverseBytes((short) value)) : value;
    }

    int i32(int position) {
        int value = BigEndian.i32(bytes, position);
        return swapped ? Integer.reverseBytes(value) : value;
    }

    long u32(int position) {
        return Integer.toUnsignedLong(i32(position));
    }

    long i64(int position) {
        long value = BigEndian.i64(bytes, position);
        return swapped ? Long.reverseBytes(value) : value;
    }

    /** Fails unless {@code length} bytes lie from {@code position} on. */
    void require(int position, long length, String what) throws CaptureFormatException {
        if (length > bytes.length - position) {
            throw new CaptureFormatException(
                    Kind.TRUNCATED,
                    bytes.length,
                    "the file ends inside a " + what + " that begins at byte " + position);
        }
    }
}
