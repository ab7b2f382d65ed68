package org.ioatlab.rest.operations;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.operations.OperationResponse.Progress;
import org.jboss.resteasy.reactive.RestResponse;

/** Work that outlasted its request. */
@Path(Operations.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Operations")
@NonBlocking
public class OperationsResource {
    private final Operations operations;

    OperationsResource(Operations operations) {
        this.operations = operations;
    }

    @GET
    @Operation(operationId = "listOperations", summary = "All operations: simulation that outlasted its request")
    public Page<OperationResponse> list(@Valid @BeanParam PageQuery page) {
        return page.cut(
                operations.all().stream().map(operation -> operation.view(null)).toList(), OperationResponse::id);
    }

    @GET
    @Path("/{operation}")
    @Operation(operationId = "getOperation", summary = "An operation: how far the simulation is, or its result")
    public CompletionStage<OperationResponse> get(@PathParam("operation") String id) {
        return view(operations.find(id));
    }

    @DELETE
    @Path("/{operation}")
    @Operation(
            operationId = "cancelOperation",
            summary = "Stop simulating between two events (202), or forget a finished operation (204)")
    public CompletionStage<RestResponse<OperationResponse>> cancel(@PathParam("operation") String id) {
        LongWork operation = operations.find(id);
        if (!operation.isRunning()) {
            operations.forget(operation);
            return CompletableFuture.completedFuture(RestResponse.noContent());
        }
        operation.cancel();
        return view(operation).thenApply(seen -> RestResponse.status(RestResponse.Status.ACCEPTED, seen));
    }

    private static CompletionStage<OperationResponse> view(LongWork operation) {
        MachineHandle machine = operation.machine();
        if (machine == null || !operation.isRunning()) {
            return CompletableFuture.completedFuture(operation.view(null));
        }
        return machine.clock()
                .thenApply(clock -> operation.view(new Progress(clock.nowNs(), clock.eventsFired())))
                .exceptionally(gone -> operation.view(null));
    }
}
