package org.ioatlab.rest.machines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.lab.Created;
import org.ioatlab.lab.Fleet;
import org.ioatlab.lab.MachineCreation;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Etag;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.operations.Work;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The machines. */
@Path(Api.MACHINES)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Machines")
@NonBlocking
public class MachinesResource {
    private final Fleet fleet;
    private final Answers answers;
    private final MachineBinder binder;

    MachinesResource(Fleet fleet, Answers answers, MachineBinder binder) {
        this.fleet = fleet;
        this.answers = answers;
        this.binder = binder;
    }

    @POST
    @Operation(
            operationId = "createMachine",
            summary = "Assemble a machine from a spec and switch it on: power-on and kernel boot")
    public CompletionStage<RestResponse<MachineResponse>> create(
            @Nullable ObjectNode body, @Context HttpServerRequest request) {
        return create(request, binder.bind(body, null), true);
    }

    @PUT
    @Path("/{machine}")
    @Operation(
            operationId = "putMachine",
            summary = "The same under a name that the client chooses (201); 200 if an equal machine has it already")
    public CompletionStage<RestResponse<MachineResponse>> put(
            @PathParam("machine") String name, @Nullable ObjectNode body, @Context HttpServerRequest request) {
        return create(request, binder.bind(body, name), false);
    }

    @GET
    @Operation(operationId = "listMachines", summary = "All machines, by name; states only, no digests")
    public CompletionStage<Page<MachineResponse>> list(
            @QueryParam("label")
                    @Parameter(
                            description =
                                    "only machines with this label: `key=value`, or `key` for any value; may be repeated",
                            example = "kept=yes")
                    List<String> labels,
            @Valid @BeanParam PageQuery page) {
        List<MachineHandle> found = fleet.list(null, Integer.MAX_VALUE, Map.of()).stream()
                .filter(LabelFilter.of(labels))
                .toList();
        Page<MachineHandle> part = page.cut(found, MachineHandle::id);
        return all(part.items().stream().map(MachinesResource::glance).toList())
                .thenApply(items -> new Page<>(items, part.nextPageToken()));
    }

    @GET
    @Path("/{machine}")
    @Operation(
            operationId = "getMachine",
            summary = "A machine: its spec, its clock, the digest of its whole state, when it expires")
    public CompletionStage<RestResponse<MachineResponse>> get(
            @PathParam("machine") String id, @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
        return view(fleet.find(id))
                .thenApply(
                        machine -> Etag.tagged(machine, Etag.of(machine.clock().version()), ifNoneMatch));
    }

    @DELETE
    @Path("/{machine}")
    @Operation(
            operationId = "deleteMachine",
            summary = "Pull the plug: calls in flight end, nothing of the machine stays")
    public RestResponse<Void> delete(@PathParam("machine") String id) {
        fleet.delete(id);
        return RestResponse.noContent();
    }

    private CompletionStage<RestResponse<MachineResponse>> create(
            HttpServerRequest request, MachineCreation creation, boolean failIfPresent) {
        CompletionStage<RestResponse<MachineResponse>> answer =
                fleet.create(creation, failIfPresent).thenCompose(created -> answer(request, created));
        return answers.await(request, new Work<>("create machine", null, answer, null));
    }

    private static CompletionStage<RestResponse<MachineResponse>> answer(HttpServerRequest request, Created created) {
        return view(created.machine())
                .thenApply(machine -> created.fresh()
                        ? Answers.created(request, Api.machine(machine.id()), machine)
                        : RestResponse.ok(machine));
    }

    /** A machine with its digest. */
    public static CompletionStage<MachineResponse> view(MachineHandle machine) {
        return machine.clock()
                .thenCombine(
                        machine.look(faces -> faces.view()), (clock, view) -> MachineResponse.of(machine, clock, view));
    }

    private static CompletableFuture<@Nullable MachineResponse> glance(MachineHandle machine) {
        return machine.clock()
                .<@Nullable MachineResponse>thenApply(clock -> MachineResponse.of(machine, clock, null))
                .exceptionally(gone -> null);
    }

    /** All that are still there. */
    private static CompletionStage<List<MachineResponse>> all(
            List<CompletableFuture<@Nullable MachineResponse>> glances) {
        return CompletableFuture.allOf(glances.toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    List<MachineResponse> items = new ArrayList<>();
                    for (CompletableFuture<@Nullable MachineResponse> glance : glances) {
                        MachineResponse machine = glance.join();
                        if (machine != null) {
                            items.add(machine);
                        }
                    }
                    return items;
                });
    }
}
