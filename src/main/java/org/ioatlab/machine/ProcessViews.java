package org.ioatlab.machine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be seen of programs. */
public interface ProcessViews {
    /**
     * Where a program's main task stands.
     *
     * @param doing ACCEPTING, COMPUTING, ENDING or OVER
     * @param task how the scheduler sees its main task
     * @param cpu where that runs, or ran last
     * @param openConnections being served
     */
    record State(String doing, String task, int cpu, int openConnections) {}

    /**
     * A program's connection.
     *
     * @param doing such as READING; OVER once it is closed
     * @param task how the scheduler sees its task
     * @param reads how many reads have returned
     * @param error why it ended, unless by the other end's close
     * @param sha256 of the received stream
     * @param matches whether the stream is what was sent; absent if it isn't compared
     * @param mismatchAt where it differs first
     */
    record Connection(
            @Nullable String socket,
            String remoteAddress,
            int remotePort,
            String doing,
            String task,
            int cpu,
            long receivedBytes,
            long sentBytes,
            long reads,
            @Nullable String error,
            @Nullable String sha256,
            @Nullable Boolean matches,
            @Nullable Long mismatchAt,
            long cycles) {}

    /**
     * A program.
     *
     * @param id its name
     * @param program what it does
     * @param state as it stands
     * @param accepted connections altogether
     * @param offload which engine or processor copied what it read
     * @param pagesIn pages of its buffers that had to be brought in
     * @param cycles that its tasks have spent
     * @param connections those that are open, and the latest that ended; absent in lists
     */
    record Program(
            String id,
            String program,
            @Nullable Integer port,
            @Nullable Integer cpu,
            int readBytes,
            List<String> readFlags,
            String verify,
            State state,
            long accepted,
            long receivedBytes,
            long sentBytes,
            SocketViews.Offload offload,
            long pagesIn,
            long cycles,
            @Nullable List<Connection> connections,
            long nowNs) {}
}
