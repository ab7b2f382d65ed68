package org.ioatlab.workload.program;

import org.jspecify.annotations.Nullable;

/**
 * A program's connection at a glance.
 *
 * @param stage what it is doing
 * @param taskState how the scheduler sees its task
 * @param cpu where its task runs, or ran last
 * @param reads how many reads have returned
 * @param errno why it ended, 0 if by the other end's close or not at all
 * @param sha256 of the received stream so far; null if none is kept
 * @param compared whether it is compared with what was sent
 * @param mismatchAt where it differs first from that, or -1
 * @param cycles that its task has spent
 * @param socket its socket's serial number, 0 once that is closed
 */
public record ConnectionFigures(
        String remoteAddress,
        int remotePort,
        String stage,
        String taskState,
        int cpu,
        long receivedBytes,
        long sentBytes,
        long reads,
        int errno,
        @Nullable String sha256,
        boolean compared,
        long mismatchAt,
        long cycles,
        long socket) {}
