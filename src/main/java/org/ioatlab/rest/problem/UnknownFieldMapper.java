package org.ioatlab.rest.problem;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.ext.Provider;

/** A field that nobody knows. */
@Provider
@Priority(ProblemPriority.OURS)
public final class UnknownFieldMapper extends ExceptionMapperBase<UnrecognizedPropertyException> {
    @Override
    protected HttpProblem toProblem(UnrecognizedPropertyException failure) {
        return JsonProblems.of(failure);
    }
}
