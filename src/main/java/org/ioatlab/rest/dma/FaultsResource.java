package org.ioatlab.rest.dma;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.CommandForms;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.DmaViews;
import org.ioatlab.machine.Refusal;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Faults that the laboratory injects. */
@Path(Api.MACHINE + "/dma/channels/{channel}/faults")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "DMA")
@NonBlocking
public class FaultsResource {
    private final Answers answers;

    FaultsResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * A fault to inject.
     *
     * @param type the error: a bit of CHANERR, HALT or SILENT_CORRUPTION
     * @param afterDescriptors how many descriptors of the channel still go well
     */
    public record FaultRequest(
            @NotNull String type,
            @Min(0) @Max(1_000_000) @Nullable Integer afterDescriptors) {}

    @POST
    @Operation(
            operationId = "injectFault",
            summary = "Make the engine fail at a descriptor to come: a bit of CHANERR, a halt, or a silent wrong byte")
    public CompletionStage<RestResponse<DmaViews.Fault>> inject(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @NotNull @Valid FaultRequest body,
            @Context HttpServerRequest request) {
        int after = body.afterDescriptors() == null ? 0 : body.afterDescriptors();
        return answers.created(
                request,
                machine,
                CommandForms.injectFault(channel, body.type(), after),
                fault -> Api.machine(machine) + "/dma/channels/" + channel + "/faults/" + fault.id());
    }

    @GET
    @Operation(operationId = "listFaults", summary = "Faults injected into a channel, and whether each has struck")
    public CompletionStage<Page<DmaViews.Fault>> list(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.dma().faults(channel))
                .thenApply(all -> page.cut(all, DmaViews.Fault::id));
    }

    @GET
    @Path("/{fault}")
    @Operation(operationId = "getFault", summary = "An injected fault")
    public CompletionStage<DmaViews.Fault> get(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @PathParam("fault") String fault) {
        return answers.look(
                machine,
                faces -> faces.dma().faults(channel).stream()
                        .filter(known -> known.id().equals(fault))
                        .findFirst()
                        .orElseThrow(() -> Refusal.unknown("fault", fault)));
    }

    @DELETE
    @Path("/{fault}")
    @Operation(operationId = "removeFault", summary = "Take an injected fault back")
    public CompletionStage<RestResponse<Void>> remove(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @PathParam("fault") String fault,
            @Context HttpServerRequest request) {
        return answers.gone(request, machine, new DmaCommand.RemoveFault(channel, fault));
    }
}
