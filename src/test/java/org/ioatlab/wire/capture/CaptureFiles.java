package org.ioatlab.wire.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Capture files written field by field in either byte order, right or wrong as a test wants them. */
public final class CaptureFiles {
    public static final int MICROSECONDS = 0xa1b2c3d4;
    public static final int NANOSECONDS = 0xa1b23c4d;

    private final ByteOrder order;
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private CaptureFiles(ByteOrder order) {
        this.order = order;
    }

    public static CaptureFiles pcap(ByteOrder order, int magic, int linkType) {
        CaptureFiles files = new CaptureFiles(order);
        files.file.writeBytes(files.numbers(24)
                .putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(linkType)
                .array());
        return files;
    }

    public static CaptureFiles pcapng(ByteOrder order) {
        return new CaptureFiles(order).section();
    }

    /** A record of a pcap file. */
    public CaptureFiles record(int seconds, int fraction, byte[] frame, int originalLength) {
        file.writeBytes(numbers(16)
                .putInt(seconds)
                .putInt(fraction)
                .putInt(frame.length)
                .putInt(originalLength)
                .array());
        file.writeBytes(frame);
        return this;
    }

    public CaptureFiles section() {
        return block(
                0x0a0d0d0a,
                numbers(16)
                        .putInt(0x1a2b3c4d)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putLong(-1)
                        .array());
    }

    public CaptureFiles linkInterface(int linkType, int snapLength, byte[]... options) {
        byte[] fixed = numbers(8)
                .putShort((short) linkType)
                .putShort((short) 0)
                .putInt(snapLength)
                .array();
        return block(1, join(fixed, join(options)));
    }

    public byte[] option(int code, byte[] value) {
        byte[] header =
                numbers(4).putShort((short) code).putShort((short) value.length).array();
        return join(header, padded(value));
    }

    public byte[] resolution(int resolution) {
        return option(9, new byte[] {(byte) resolution});
    }

    public byte[] timeOffset(long seconds) {
        return option(14, numbers(8).putLong(seconds).array());
    }

    public byte[] endOfOptions() {
        return new byte[4];
    }

    public CaptureFiles enhanced(int interfaceId, long time, byte[] frame, int originalLength, byte[]... options) {
        byte[] fixed = numbers(20)
                .putInt(interfaceId)
                .putInt((int) (time >>> 32))
                .putInt((int) time)
                .putInt(frame.length)
                .putInt(originalLength)
                .array();
        return block(6, join(fixed, padded(frame), join(options)));
    }

    public CaptureFiles obsolete(int interfaceId, long time, byte[] frame, int originalLength) {
        byte[] fixed = numbers(20)
                .putShort((short) interfaceId)
                .putShort((short) 3)
                .putInt((int) (time >>> 32))
                .putInt((int) time)
                .putInt(frame.length)
                .putInt(originalLength)
                .array();
        return block(2, join(fixed, padded(frame)));
    }

    public CaptureFiles simple(byte[] frame, int originalLength) {
        return block(3, join(numbers(4).putInt(originalLength).array(), padded(frame)));
    }

    public CaptureFiles block(int type, byte[] body) {
        file.writeBytes(numbers(8).putInt(type).putInt(body.length + 12).array());
        file.writeBytes(body);
        file.writeBytes(numbers(4).putInt(body.length + 12).array());
        return this;
    }

    public CaptureFiles raw(byte[] bytes) {
        file.writeBytes(bytes);
        return this;
    }

    public byte[] bytes() {
        return file.toByteArray();
    }

    /** The bytes of a frame that was read. */
    static byte[] frame(CaptureFrames frames, int index) {
        int from = frames.offset(index);
        return Arrays.copyOfRange(frames.bytes(), from, from + frames.capturedLength(index));
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private ByteBuffer numbers(int length) {
        return ByteBuffer.allocate(length).order(order);
    }

    private static byte[] padded(byte[] bytes) {
        return Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
