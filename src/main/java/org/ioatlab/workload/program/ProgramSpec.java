package org.ioatlab.workload.program;

import org.ioatlab.workload.traffic.Verification;

/**
 * What a program is to do.
 *
 * @param type what it does
 * @param port that it listens on; 0 for COMPUTE
 * @param readBytes how much it asks for at a time
 * @param readFlags flags of its reads
 * @param backlog connections that may wait to be accepted
 * @param mostConnections connections served at a time; more have to wait
 * @param cpu the only processor that it may run on, or -1 for any
 * @param verification how received streams are checked
 * @param durationPs how long COMPUTE computes, of processor time; {@link Long#MAX_VALUE} until it is killed
 * @param pagedOut whether a connection's buffer is paged out before each read
 */
public record ProgramSpec(
        ProgramType type,
        int port,
        int readBytes,
        int readFlags,
        int backlog,
        int mostConnections,
        int cpu,
        Verification verification,
        long durationPs,
        boolean pagedOut) {}
