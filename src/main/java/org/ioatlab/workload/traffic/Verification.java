package org.ioatlab.workload.traffic;

/** How the bytes of streams are checked. */
public enum Verification {
    /** By a hash of all bytes. */
    SHA256,
    /** Byte by byte against what must come. */
    COMPARE,
    /** Not at all. */
    NONE
}
