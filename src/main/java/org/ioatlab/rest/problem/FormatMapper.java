package org.ioatlab.rest.problem;

import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.ext.Provider;

/** A value that its type doesn't have. */
@Provider
@Priority(ProblemPriority.OURS)
public final class FormatMapper extends ExceptionMapperBase<InvalidFormatException> {
    @Override
    protected HttpProblem toProblem(InvalidFormatException failure) {
        return JsonProblems.of(failure);
    }
}
