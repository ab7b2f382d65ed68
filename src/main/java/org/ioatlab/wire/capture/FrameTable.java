package org.ioatlab.wire.capture;

import org.ioatlab.wire.capture.CaptureFormatException.Kind;

/** The frames found so far, held to the limit on their number. */
final class FrameTable {
    private final CaptureFrames frames;
    private final CaptureLimits limits;

    FrameTable(byte[] file, CaptureLimits limits) {
        this.frames = new CaptureFrames(file);
        this.limits = limits;
    }

    CaptureFrames frames() {
        return frames;
    }

    /** Adds the frame whose bytes begin at {@code position}. */
    void add(int position, int capturedLength, long originalLength, long timeNs, LinkType linkType)
            throws CaptureFormatException {
        if (frames.count() >= limits.maxFrames()) {
            throw new CaptureFormatException(
                    Kind.TOO_MANY_FRAMES, position, "more than " + limits.maxFrames() + " frames");
        }
        int original = (int) Math.min(originalLength, Integer.MAX_VALUE);
        frames.add(position, capturedLength, original, timeNs, linkType);
    }

    /** The time of the latest frame, or 0. */
    long latestTimeNs() {
        return frames.count() == 0 ? 0 : frames.timeNs(frames.count() - 1);
    }

    /** The link type of a code, or the failure that says that its frames cannot be used. */
    static LinkType linkType(int code, long position) throws CaptureFormatException {
        LinkType type = LinkType.ofCode(code);
        if (type == null) {
            throw new CaptureFormatException(
                    Kind.UNSUPPORTED_LINK_TYPE,
                    position,
                    "link type " + code + ": only Ethernet (1) and bare IP (101, 228, 229) are read");
        }
        return type;
    }
}
