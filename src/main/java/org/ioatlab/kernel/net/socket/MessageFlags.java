package org.ioatlab.kernel.net.socket;

/** The flags of reading and writing calls, as Linux numbers them. */
public final class MessageFlags {
    /** Urgent data. */
    public static final int MSG_OOB = 0x1;

    /** Look without taking. */
    public static final int MSG_PEEK = 0x2;

    /** Take without copying (TCP); answer the datagram's whole length (UDP). */
    public static final int MSG_TRUNC = 0x20;

    /** Don't wait. */
    public static final int MSG_DONTWAIT = 0x40;

    /** Wait until all that was asked for is there. */
    public static final int MSG_WAITALL = 0x100;

    /** No signal on a broken pipe; there are none here. */
    public static final int MSG_NOSIGNAL = 0x4000;

    /** More is to come: don't send what isn't a full segment. */
    public static final int MSG_MORE = 0x8000;

    private MessageFlags() {}
}
