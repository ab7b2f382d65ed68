package org.ioatlab.rest.problem;

import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.Provider;
import java.util.List;

/**
 * A path that leads nowhere; parameters that can't be read, which the HTTP layer takes for such; and methods that a path doesn't take, where
 * it looks for them in another resource and says at last that there is none.
 */
@Provider
@Priority(ProblemPriority.OURS)
public final class NotFoundMapper extends ExceptionMapperBase<NotFoundException> {
    private final AllowedMethods allowed;
    private final UriInfo path;
    private final Request request;

    NotFoundMapper(AllowedMethods allowed, @Context UriInfo path, @Context Request request) {
        this.allowed = allowed;
        this.path = path;
        this.request = request;
    }

    @Override
    protected HttpProblem toProblem(NotFoundException failure) {
        if (failure.getCause() instanceof HttpProblem problem) {
            return problem;
        }
        List<String> methods = allowed.at(path.getPath());
        return methods.isEmpty() || methods.contains(request.getMethod())
                ? StatusProblems.builder(404).build()
                : AllowedMethods.refusal(methods).build();
    }
}
