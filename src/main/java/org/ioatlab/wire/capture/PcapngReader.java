package org.ioatlab.wire.capture;

import org.ioatlab.wire.capture.CaptureFormatException.Kind;

/**
 * The block format (draft-ietf-opsawg-pcapng): sections, interfaces, and frames in enhanced, simple or obsolete packet
 * blocks. Blocks of other types are skipped. Each section has its own byte order and interfaces.
 */
final class PcapngReader {
    /** Reads the same in both byte orders, so that it can begin a file. */
    static final int SECTION_HEADER = 0x0a0d0d0a;

    static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    static final int INTERFACE_DESCRIPTION = 1;
    static final int PACKET = 2;
    static final int SIMPLE_PACKET = 3;
    static final int ENHANCED_PACKET = 6;

    /** Block type and length. */
    static final int BLOCK_HEADER_LENGTH = 8;

    /** The length again, behind each block's body. */
    static final int BLOCK_TRAILER_LENGTH = 4;

    private static final int SECTION_BODY_LENGTH = 16;
    private static final int INTERFACE_BODY_LENGTH = 8;
    private static final int PACKET_BODY_LENGTH = 20;
    private static final int SIMPLE_BODY_LENGTH = 4;

    private static final int OPTION_TIMESTAMP_RESOLUTION = 9;
    private static final int OPTION_TIMESTAMP_OFFSET = 14;

    private final FileBytes file;
    private final FrameTable table;
    private final InterfaceTable interfaces = new InterfaceTable();

    PcapngReader(FileBytes file, FrameTable table) {
        this.file = file;
        this.table = table;
    }

    void read() throws CaptureFormatException {
        int position = 0;
        while (position < file.length()) {
            file.require(position, BLOCK_HEADER_LENGTH + BLOCK_TRAILER_LENGTH, "pcapng block");
            if (file.i32(position) == SECTION_HEADER) {
                readByteOrder(position + BLOCK_HEADER_LENGTH);
            }
            int end = blockEnd(position);
            block(file.i32(position), position + BLOCK_HEADER_LENGTH, end - BLOCK_TRAILER_LENGTH);
            position = end;
        }
    }

    private void readByteOrder(int position) throws CaptureFormatException {
        file.setLittleEndian(false);
        int magic = file.i32(position);
        if (magic != BYTE_ORDER_MAGIC && magic != Integer.reverseBytes(BYTE_ORDER_MAGIC)) {
            throw bad(position, "a section header without its byte-order magic");
        }
        file.setLittleEndian(magic != BYTE_ORDER_MAGIC);
    }

    /** Where the block at {@code position} ends, after a check of both its lengths. */
    private int blockEnd(int position) throws CaptureFormatException {
        long length = file.u32(position + 4);
        if (length < BLOCK_HEADER_LENGTH + BLOCK_TRAILER_LENGTH || length % 4 != 0) {
            throw bad(position + 4, "a block length of " + length);
        }
        file.require(position, length, "pcapng block");
        int end = position + (int) length;
        if (file.u32(end - BLOCK_TRAILER_LENGTH) != length) {
            throw bad(end - BLOCK_TRAILER_LENGTH, "a block whose two lengths differ");
        }
        return end;
    }

    private void block(int type, int body, int end) throws CaptureFormatException {
        switch (type) {
            case SECTION_HEADER -> section(body, end);
            case INTERFACE_DESCRIPTION -> interfaceDescription(body, end);
            case PACKET, ENHANCED_PACKET -> packet(type, body, end);
            case SIMPLE_PACKET -> simplePacket(body, end);
            default -> {}
        }
    }

    private void requireBody(int body, int end, int length) throws CaptureFormatException {
        if (end - body < length) {
            throw bad(body, "a block of " + (end - body) + " bytes where at least " + length + " are needed");
        }
    }

    private void section(int body, int end) throws CaptureFormatException {
        requireBody(body, end, SECTION_BODY_LENGTH);
        if (file.u16(body + 4) != 1) {
            throw new CaptureFormatException(
                    Kind.UNSUPPORTED_VERSION, body + 4, "pcapng version " + file.u16(body + 4) + ": only 1 is read");
        }
        interfaces.clear();
    }

    private void interfaceDescription(int body, int end) throws CaptureFormatException {
        requireBody(body, end, INTERFACE_BODY_LENGTH);
        int options = body + INTERFACE_BODY_LENGTH;
        int resolution = option(options, end, OPTION_TIMESTAMP_RESOLUTION, 1);
        int offset = option(options, end, OPTION_TIMESTAMP_OFFSET, Long.BYTES);
        interfaces.add(
                file.u16(body),
                file.u32(body + 4),
                resolution == 0 ? TimestampResolution.DEFAULT : (byte) file.u8(resolution),
                offset == 0 ? 0 : file.i64(offset));
    }

    /** Where the value of an option of {@code length} bytes stands, or 0 when the option is absent. */
    private int option(int options, int end, int code, int length) throws CaptureFormatException {
        int at = options;
        while (at + 4 <= end && file.u16(at) != 0) {
            int valueLength = file.u16(at + 2);
            int value = at + 4;
            if (valueLength > end - value) {
                throw bad(at, "an option longer than its block");
            }
            if (file.u16(at) == code) {
                if (valueLength != length) {
                    throw bad(at, "option " + code + " with " + valueLength + " bytes, not " + length);
                }
                return value;
            }
            at = value + padded(valueLength);
        }
        return 0;
    }

    static int padded(int length) {
        return (length + 3) & ~3;
    }

    /** An enhanced or an obsolete packet block: both have timestamp and lengths at the same places. */
    private void packet(int type, int body, int end) throws CaptureFormatException {
        requireBody(body, end, PACKET_BODY_LENGTH);
        int index = interfaceIndex(type == PACKET ? file.u16(body) : file.u32(body), body);
        long capturedLength = file.u32(body + 12);
        int frame = body + PACKET_BODY_LENGTH;
        if (capturedLength > end - frame) {
            throw bad(body + 12, "a frame of " + capturedLength + " bytes in a block with room for " + (end - frame));
        }
        long timeNs = timeNs(index, body + 4);
        LinkType linkType = FrameTable.linkType(interfaces.linkTypeCode(index), body);
        table.add(frame, (int) capturedLength, file.u32(body + 16), timeNs, linkType);
    }

    private long timeNs(int index, int position) throws CaptureFormatException {
        long timestamp = file.u32(position) << 32 | file.u32(position + 4);
        try {
            return interfaces.timeNs(index, timestamp);
        } catch (ArithmeticException e) {
            throw bad(position, "a timestamp that is more than 292 years from 1970");
        }
    }

    /** A simple packet block has neither time nor captured length: the interface's snap length gives the latter. */
    private void simplePacket(int body, int end) throws CaptureFormatException {
        requireBody(body, end, SIMPLE_BODY_LENGTH);
        int index = interfaceIndex(0, body);
        long originalLength = file.u32(body);
        long snapLength = interfaces.snapLength(index);
        long capturedLength = snapLength == 0 ? originalLength : Math.min(originalLength, snapLength);
        int frame = body + SIMPLE_BODY_LENGTH;
        if (capturedLength > end - frame) {
            throw bad(body, "a frame of " + capturedLength + " bytes in a block with room for " + (end - frame));
        }
        LinkType linkType = FrameTable.linkType(interfaces.linkTypeCode(index), body);
        table.add(frame, (int) capturedLength, originalLength, table.latestTimeNs(), linkType);
    }

    private int interfaceIndex(long interfaceId, int position) throws CaptureFormatException {
        if (interfaceId >= interfaces.count()) {
            throw new CaptureFormatException(
                    Kind.UNKNOWN_INTERFACE,
                    position,
                    "a frame of interface " + interfaceId + " where " + interfaces.count() + " are described");
        }
        return (int) interfaceId;
    }

    private static CaptureFormatException bad(int position, String what) {
        return new CaptureFormatException(Kind.BAD_BLOCK, position, what);
    }
}
