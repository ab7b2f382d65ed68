package org.ioatlab.wire.capture;

/** Says why bytes cannot be read as a capture file, and where. */
public final class CaptureFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of fault. */
    public enum Kind {
        /** The first bytes are those of no known capture format. */
        NOT_A_CAPTURE,
        /** A known format in a version that is not read. */
        UNSUPPORTED_VERSION,
        /** Frames of a link layer other than Ethernet or bare IP. */
        UNSUPPORTED_LINK_TYPE,
        /** The file ends inside a header, record or block. */
        TRUNCATED,
        /** A pcap record or pcapng block contradicts itself. */
        BAD_BLOCK,
        /** A pcapng frame names an interface that its section has not described. */
        UNKNOWN_INTERFACE,
        /** More frames than the limit. */
        TOO_MANY_FRAMES,
        /** More bytes than the limit. */
        TOO_LARGE
    }

    private final Kind kind;
    private final long position;

    /**
     * @param kind what is wrong
     * @param position the byte of the file, from 0, where it was noticed
     * @param detail what was found, as a sentence's part without the position
     */
    public CaptureFormatException(Kind kind, long position, String detail) {
        super(detail + " (at byte " + position + ")");
        this.kind = kind;
        this.position = position;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }

    /** The byte of the file, from 0, where it was noticed. */
    public long position() {
        return position;
    }
}
