package org.ioatlab.observe;

/** Which frames a capture keeps, as the machine sees them. */
public enum CaptureDirection {
    /** Frames that reached the port. */
    RX,
    /** Frames that the port sent. */
    TX,
    /** Both. */
    BOTH
}
