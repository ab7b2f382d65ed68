package org.ioatlab.rest.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.ext.Provider;

/** JSON that can't be read. */
@Provider
@Priority(ProblemPriority.OURS)
public final class JsonMapper extends ExceptionMapperBase<JsonProcessingException> {
    @Override
    protected HttpProblem toProblem(JsonProcessingException failure) {
        return JsonProblems.of(failure);
    }
}
