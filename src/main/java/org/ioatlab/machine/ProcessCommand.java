package org.ioatlab.machine;

import java.util.List;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with programs.
 *
 * @param <R> what it answers
 */
public sealed interface ProcessCommand<R> extends Command<R> {
    /**
     * {@code fork()} and {@code exec()} of a program, which then listens.
     *
     * @param name becomes the id; null for a generated one
     * @param port to listen on; null for COMPUTE
     * @param readBytes asked for by each read
     * @param readFlags of each read, by name
     * @param backlog connections that may wait to be accepted
     * @param mostConnections served at a time
     * @param cpu the only processor that it may run on; null for any
     * @param verify how received streams are checked
     * @param durationPs processor time of COMPUTE; null until it is killed
     * @param pagedOut whether a connection's buffer is paged out before each read; not without it
     */
    record Start(
            @Nullable String name,
            ProgramType program,
            @Nullable Integer port,
            int readBytes,
            List<String> readFlags,
            int backlog,
            int mostConnections,
            @Nullable Integer cpu,
            Verification verify,
            @Nullable Long durationPs,
            @Nullable Boolean pagedOut)
            implements ProcessCommand<ProcessViews.Program> {
        /** With buffers that stay in memory. */
        public Start(
                @Nullable String name,
                ProgramType program,
                @Nullable Integer port,
                int readBytes,
                List<String> readFlags,
                int backlog,
                int mostConnections,
                @Nullable Integer cpu,
                Verification verify,
                @Nullable Long durationPs) {
            this(name, program, port, readBytes, readFlags, backlog, mostConnections, cpu, verify, durationPs, null);
        }
    }

    /** Ends a program with all its tasks and connections. */
    record Kill(String process, int cpu) implements ProcessCommand<Done> {}
}
