package org.ioatlab.workload.packetdrill;

/** The clock of the machine under test. */
public interface ScriptClock {
    /** The present virtual instant in nanoseconds. */
    long nowNs();
}
