package org.ioatlab.workload.program;

/** What a program does. */
public enum ProgramType {
    /** Reads and forgets, as netperf's receiver does. */
    SINK,
    /** Waits by {@code select()} before each read. */
    SELECT_SINK,
    /** Reads every cache line of what it received. */
    TOUCH,
    /** Writes back what it received. */
    ECHO,
    /** Never sleeps, and uses no socket. */
    COMPUTE
}
