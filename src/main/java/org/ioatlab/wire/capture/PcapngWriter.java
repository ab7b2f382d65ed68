package org.ioatlab.wire.capture;

import java.nio.charset.StandardCharsets;

/**
 * Writes one little-endian pcapng section with nanosecond timestamps (draft-ietf-opsawg-pcapng). Writing a frame
 * allocates nothing but the sink's growth; a frame that does not fit is dropped whole, so the file is always well formed.
 */
public final class PcapngWriter {
    private static final byte[] APPLICATION = "ioat-lab".getBytes(StandardCharsets.UTF_8);
    private static final int FRAMING_LENGTH = PcapngReader.BLOCK_HEADER_LENGTH + PcapngReader.BLOCK_TRAILER_LENGTH;
    private static final int SECTION_BODY_LENGTH = 16;
    private static final int INTERFACE_BODY_LENGTH = 8;
    private static final int PACKET_BODY_LENGTH = 20;
    private static final int OPTION_HEADER_LENGTH = 4;
    private static final int END_OF_OPTIONS_LENGTH = 4;
    private static final int FLAGS_OPTION_LENGTH = OPTION_HEADER_LENGTH + 4;
    private static final int OPTION_SECTION_APPLICATION = 4;
    private static final int OPTION_INTERFACE_NAME = 2;
    private static final int OPTION_TIMESTAMP_RESOLUTION = 9;
    private static final int OPTION_PACKET_FLAGS = 2;

    /** What one frame takes besides its own bytes, padded to four. */
    public static final int FRAME_OVERHEAD =
            FRAMING_LENGTH + PACKET_BODY_LENGTH + FLAGS_OPTION_LENGTH + END_OF_OPTIONS_LENGTH;

    private final CaptureSink sink;
    private final InterfaceTable interfaces = new InterfaceTable();
    private long droppedFrames;

    /**
     * Begins a file.
     *
     * @throws IllegalArgumentException when the sink has no room for the section header
     */
    public PcapngWriter(CaptureSink sink) {
        this.sink = sink;
        int at = beginBlock(
                PcapngReader.SECTION_HEADER, SECTION_BODY_LENGTH + optionLength(APPLICATION) + END_OF_OPTIONS_LENGTH);
        sink.put32(at, PcapngReader.BYTE_ORDER_MAGIC);
        sink.put16(at + 4, 1);
        sink.put32(at + 8, -1);
        sink.put32(at + 12, -1);
        putOption(at + SECTION_BODY_LENGTH, OPTION_SECTION_APPLICATION, APPLICATION);
    }

    /**
     * Describes an interface and gives its number, counted from 0.
     *
     * @param snapLength most bytes kept of a frame; 0 is no limit
     * @throws IllegalArgumentException when the sink has no room for it or the snap length is negative
     */
    public int addInterface(String name, LinkType linkType, int snapLength) {
        if (snapLength < 0) {
            throw new IllegalArgumentException("a snap length is not negative: " + snapLength);
        }
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        byte[] resolution = {TimestampResolution.NANOSECONDS};
        int options = optionLength(nameBytes) + optionLength(resolution) + END_OF_OPTIONS_LENGTH;
        int at = beginBlock(PcapngReader.INTERFACE_DESCRIPTION, INTERFACE_BODY_LENGTH + options);
        sink.put16(at, linkType.code());
        sink.put32(at + 4, snapLength);
        putOption(at + INTERFACE_BODY_LENGTH, OPTION_INTERFACE_NAME, nameBytes);
        putOption(at + INTERFACE_BODY_LENGTH + optionLength(nameBytes), OPTION_TIMESTAMP_RESOLUTION, resolution);
        interfaces.add(linkType.code(), snapLength, TimestampResolution.NANOSECONDS, 0);
        return interfaces.count() - 1;
    }

    /**
     * Writes a frame, cut at the interface's snap length.
     *
     * @param timeNs when, in nanoseconds since 1970 or since any other beginning
     * @return whether it was written; false when the sink has no room for it
     * @throws IndexOutOfBoundsException when the interface was not described
     */
    public boolean frame(int interfaceId, long timeNs, byte[] bytes, int offset, int length, Direction direction) {
        if (interfaceId < 0 || interfaceId >= interfaces.count()) {
            throw new IndexOutOfBoundsException("no interface " + interfaceId);
        }
        int snapLength = (int) interfaces.snapLength(interfaceId);
        int captured = snapLength == 0 ? length : Math.min(length, snapLength);
        if (FRAME_OVERHEAD + PcapngReader.padded(captured) > sink.room()) {
            droppedFrames++;
            return false;
        }
        int options = PACKET_BODY_LENGTH + PcapngReader.padded(captured);
        int at = beginBlock(PcapngReader.ENHANCED_PACKET, options + FLAGS_OPTION_LENGTH + END_OF_OPTIONS_LENGTH);
        putPacketHeader(at, interfaceId, timeNs, captured, length);
        sink.put(at + PACKET_BODY_LENGTH, bytes, offset, captured);
        putOptionHeader(at + options, OPTION_PACKET_FLAGS, 4);
        sink.put32(at + options + OPTION_HEADER_LENGTH, direction.ordinal());
        return true;
    }

    private void putPacketHeader(int at, int interfaceId, long timeNs, int captured, int length) {
        sink.put32(at, interfaceId);
        sink.put32(at + 4, (int) (timeNs >>> 32));
        sink.put32(at + 8, (int) timeNs);
        sink.put32(at + 12, captured);
        sink.put32(at + 16, length);
    }

    /** How many frames the sink had no room for. */
    public long droppedFrames() {
        return droppedFrames;
    }

    /** Writes type and both lengths around a body of {@code bodyLength} bytes, and says where that begins. */
    private int beginBlock(int type, int bodyLength) {
        int length = bodyLength + FRAMING_LENGTH;
        if (length > sink.room()) {
            throw new IllegalArgumentException("no room for a block of " + length + " bytes");
        }
        int at = sink.claim(length);
        sink.put32(at, type);
        sink.put32(at + 4, length);
        sink.put32(at + length - PcapngReader.BLOCK_TRAILER_LENGTH, length);
        return at + PcapngReader.BLOCK_HEADER_LENGTH;
    }

    private static int optionLength(byte[] value) {
        return OPTION_HEADER_LENGTH + PcapngReader.padded(value.length);
    }

    private void putOption(int at, int code, byte[] value) {
        putOptionHeader(at, code, value.length);
        sink.put(at + OPTION_HEADER_LENGTH, value, 0, value.length);
    }

    private void putOptionHeader(int at, int code, int length) {
        sink.put16(at, code);
        sink.put16(at + 2, length);
    }
}
