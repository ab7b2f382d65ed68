package org.ioatlab.wire;

/** What checking a checksum found. */
public enum ChecksumStatus {
    /** The checksum is right. */
    GOOD,
    /** The checksum is wrong. */
    BAD,
    /** There is none, or it cannot be judged from this frame alone. */
    NOT_CHECKED
}
