package org.ioatlab.rest.problem;

import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.ext.Provider;

/** A path that leads nowhere; and parameters that can't be read, which the HTTP layer takes for such. */
@Provider
@Priority(ProblemPriority.OURS)
public final class NotFoundMapper extends ExceptionMapperBase<NotFoundException> {
    @Override
    protected HttpProblem toProblem(NotFoundException failure) {
        return failure.getCause() instanceof HttpProblem problem
                ? problem
                : StatusProblems.builder(404).build();
    }
}
