package org.ioatlab.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.Refusal;
import org.ioatlab.rest.problem.ProblemTypes;

/** What the types of problems mean: the pages that a problem's {@code type} leads to. */
@Path("/problems")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Problems")
@NonBlocking
public class ProblemsResource {
    /** All types. */
    public record ProblemTypeList(List<ProblemTypes.ProblemType> items) {}

    @GET
    @Operation(operationId = "listProblemTypes", summary = "All problem types of this service")
    public ProblemTypeList list() {
        return new ProblemTypeList(ProblemTypes.all());
    }

    @GET
    @Path("/{type}")
    @Operation(operationId = "getProblemType", summary = "What a problem type means")
    public ProblemTypes.ProblemType get(@PathParam("type") String type) {
        ProblemTypes.ProblemType found = ProblemTypes.find(type);
        if (found == null) {
            throw Refusal.unknown("problem-type", type);
        }
        return found;
    }
}
