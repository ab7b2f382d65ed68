package org.ioatlab.rest.operations;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import org.ioatlab.lab.Cancellation;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.machine.Refusal;
import org.ioatlab.rest.operations.OperationResponse.Progress;
import org.ioatlab.rest.operations.OperationResponse.State;
import org.ioatlab.rest.problem.Problems;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Work that goes on after its request was answered. */
final class LongWork {
    private final String id;
    private final Work<?> work;
    private final Instant startedAt;
    private volatile @Nullable RestResponse<?> answer;
    private volatile @Nullable HttpProblem problem;

    LongWork(String id, Work<?> work, Instant startedAt) {
        this.id = id;
        this.work = work;
        this.startedAt = startedAt;
    }

    String id() {
        return id;
    }

    @Nullable
    MachineHandle machine() {
        return work.machine();
    }

    boolean isRunning() {
        return answer == null && problem == null;
    }

    /** Takes what the work came to. */
    void finish(@Nullable RestResponse<?> result, @Nullable Throwable failure) {
        if (failure == null) {
            answer = result;
        } else {
            problem = problem(failure);
        }
    }

    /** Asks the work to end early; false if it can't. */
    boolean cancel() {
        Cancellation cancellation = work.cancellation();
        if (cancellation != null) {
            cancellation.request();
        }
        return cancellation != null;
    }

    OperationResponse view(@Nullable Progress progress) {
        RestResponse<?> done = answer;
        return new OperationResponse(
                id,
                work.summary(),
                work.machine() == null ? null : work.machine().id(),
                state(),
                startedAt,
                work.cancellation() != null,
                progress,
                done == null ? null : done.getStatus(),
                done == null ? null : done.getHeaderString(HttpHeaders.LOCATION),
                done == null ? null : done.getEntity(),
                problem);
    }

    private State state() {
        if (isRunning()) {
            return State.RUNNING;
        }
        if (work.cancellation() != null && work.cancellation().isRequested()) {
            return State.CANCELLED;
        }
        return problem == null ? State.DONE : State.FAILED;
    }

    private static HttpProblem problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case HttpProblem made -> made;
            case Refusal refusal -> Problems.of(refusal);
            default -> Problems.of(500, "internal-error", "The service failed; its log says how.");
        };
    }
}
