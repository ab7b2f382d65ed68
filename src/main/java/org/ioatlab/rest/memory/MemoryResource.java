package org.ioatlab.rest.memory;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.MemoryViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.operations.Answers;

/** The allocators. */
@Path(Api.MACHINE + "/memory")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Memory")
@NonBlocking
public class MemoryResource {
    private final Answers answers;

    MemoryResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Operation(operationId = "getMemory", summary = "Zones with their buddy lists, slab caches, pinned pages")
    public CompletionStage<MemoryViews.State> get(@PathParam("machine") String machine) {
        return answers.look(machine, faces -> faces.memory().state());
    }
}
