package org.ioatlab.wire.capture;

import org.ioatlab.wire.capture.CaptureFormatException.Kind;

/** The classic format: a header of 24 bytes and records of 16 bytes and a frame (draft-ietf-opsawg-pcap). */
final class PcapReader {
    private static final int MICROSECONDS = 0xa1b2c3d4;
    private static final int NANOSECONDS = 0xa1b23c4d;
    private static final int FILE_HEADER_LENGTH = 24;
    private static final int RECORD_HEADER_LENGTH = 16;
    private static final int VERSION = 4;
    private static final int LINK_TYPE = 20;
    private static final int MAJOR_VERSION_READ = 2;
    private static final int MINOR_VERSION_READ = 4;

    /** The rest of the field says how long a frame check sequence is. */
    private static final int LINK_TYPE_MASK = 0xffff;

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final FileBytes file;
    private final FrameTable table;

    PcapReader(FileBytes file, FrameTable table) {
        this.file = file;
        this.table = table;
    }

    static boolean isMagic(int magic) {
        return isNative(magic) || isNative(Integer.reverseBytes(magic));
    }

    private static boolean isNative(int magic) {
        return magic == MICROSECONDS || magic == NANOSECONDS;
    }

    /** {@code magic} is the file's first word read big-endian. */
    void read(int magic) throws CaptureFormatException {
        file.setLittleEndian(!isNative(magic));
        file.require(0, FILE_HEADER_LENGTH, "pcap header");
        int major = file.u16(VERSION);
        int minor = file.u16(VERSION + 2);
        if (major != MAJOR_VERSION_READ || minor != MINOR_VERSION_READ) {
            throw new CaptureFormatException(
                    Kind.UNSUPPORTED_VERSION, VERSION, "pcap version " + major + "." + minor + ": only 2.4 is read");
        }
        LinkType linkType = FrameTable.linkType(file.i32(LINK_TYPE) & LINK_TYPE_MASK, LINK_TYPE);
        long nsPerFraction = file.i32(0) == NANOSECONDS ? 1 : 1_000;
        int position = FILE_HEADER_LENGTH;
        while (position < file.length()) {
            position = record(position, linkType, nsPerFraction);
        }
    }

    private int record(int position, LinkType linkType, long nsPerFraction) throws CaptureFormatException {
        file.require(position, RECORD_HEADER_LENGTH, "pcap record header");
        long timeNs = file.u32(position) * NS_PER_SECOND + file.u32(position + 4) * nsPerFraction;
        long capturedLength = file.u32(position + 8);
        int frame = position + RECORD_HEADER_LENGTH;
        file.require(frame, capturedLength, "frame");
        table.add(frame, (int) capturedLength, file.u32(position + 12), timeNs, linkType);
        return frame + (int) capturedLength;
    }
}
