package org.ioatlab.wire.capture;

import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.capture.CaptureFormatException.Kind;

/**
 * Reads capture files: pcap with microseconds or nanoseconds and pcapng, in either byte order. The format is told from
 * the file's first bytes.
 */
public final class CaptureReader {
    private static final int MAGIC_LENGTH = 4;

    private CaptureReader() {}

    /**
     * Finds the frames of a file, which is kept and not copied.
     *
     * @throws CaptureFormatException when the file is not a capture, is broken or is over a limit
     */
    public static CaptureFrames read(byte[] file, CaptureLimits limits) throws CaptureFormatException {
        if (file.length > limits.maxBytes()) {
            throw new CaptureFormatException(
                    Kind.TOO_LARGE,
                    limits.maxBytes(),
                    file.length + " bytes are more than the limit of " + limits.maxBytes());
        }
        int magic = file.length < MAGIC_LENGTH ? 0 : BigEndian.i32(file, 0);
        FileBytes bytes = new FileBytes(file);
        FrameTable table = new FrameTable(file, limits);
        if (magic == PcapngReader.SECTION_HEADER) {
            new PcapngReader(bytes, table).read();
        } else if (PcapReader.isMagic(magic)) {
            new PcapReader(bytes, table).read(magic);
        } else {
            throw new CaptureFormatException(Kind.NOT_A_CAPTURE, 0, "neither pcap nor pcapng by its first bytes");
        }
        return table.frames();
    }
}
