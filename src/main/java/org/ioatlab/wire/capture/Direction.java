package org.ioatlab.wire.capture;

/** Which way a frame went, as the option {@code epb_flags} tells it. */
public enum Direction {
    UNKNOWN,
    INBOUND,
    OUTBOUND
}
