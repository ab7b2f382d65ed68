package org.ioatlab.rest.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.Provider;

/** What the HTTP layer itself refuses: paths, methods, media types; and JSON that its reader wrapped. */
@Provider
@Priority(ProblemPriority.OURS)
public final class WebApplicationMapper extends ExceptionMapperBase<WebApplicationException> {
    private static final int METHOD_NOT_ALLOWED = 405;

    private final AllowedMethods allowed;
    private final UriInfo path;

    WebApplicationMapper(AllowedMethods allowed, @Context UriInfo path) {
        this.allowed = allowed;
        this.path = path;
    }

    @Override
    protected HttpProblem toProblem(WebApplicationException failure) {
        if (failure.getCause() instanceof JsonProcessingException json) {
            return JsonProblems.of(json);
        }
        Response response = failure.getResponse();
        HttpProblem.Builder problem = response.getStatus() == METHOD_NOT_ALLOWED
                ? AllowedMethods.refusal(allowed.at(path.getPath()))
                : StatusProblems.builder(response.getStatus());
        response.getHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
                values.forEach(value -> problem.withHeader(name, value));
            }
        });
        return problem.build();
    }
}
