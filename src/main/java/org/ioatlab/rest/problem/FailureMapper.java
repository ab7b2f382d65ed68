package org.ioatlab.rest.problem;

import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.ext.Provider;
import java.util.concurrent.CompletionException;
import org.ioatlab.machine.Refusal;
import org.jboss.logging.Logger;

/** A fault of ours: the client learns that it happened, the log what it was. */
@Provider
@Priority(ProblemPriority.OURS)
public final class FailureMapper extends ExceptionMapperBase<Exception> {
    private static final Logger LOG = Logger.getLogger(FailureMapper.class);

    @Override
    protected HttpProblem toProblem(Exception failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return switch (cause) {
            case Refusal refusal -> Problems.of(refusal);
            case HttpProblem problem -> problem;
            case null, default -> {
                LOG.error("a request failed", failure);
                yield StatusProblems.builder(500).build();
            }
        };
    }
}
