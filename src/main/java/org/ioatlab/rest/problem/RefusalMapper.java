package org.ioatlab.rest.problem;

import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.ext.Provider;
import org.ioatlab.machine.Refusal;

/** What a machine or the laboratory refuses. */
@Provider
public final class RefusalMapper extends ExceptionMapperBase<Refusal> {
    @Override
    protected HttpProblem toProblem(Refusal refusal) {
        return Problems.of(refusal);
    }
}
