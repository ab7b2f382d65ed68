package org.ioatlab.rest.machines;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.lab.AdvanceResult;
import org.ioatlab.lab.Cancellation;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.events.MachineEvents;
import org.ioatlab.rest.http.Etag;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.operations.Work;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** A machine's clock. */
@Path(Api.MACHINE + "/clock")
@Produces(MediaType.APPLICATION_JSON)
@Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
@Tag(name = "Clock")
@NonBlocking
public class ClockResource {
    private final Answers answers;
    private final MachineEvents events;

    ClockResource(Answers answers, MachineEvents events) {
        this.answers = answers;
        this.events = events;
    }

    @GET
    @Operation(
            operationId = "getClock",
            summary = "The virtual clock: state, rate, now, and how far it is behind the wall clock")
    public CompletionStage<RestResponse<ClockResponse>> get(
            @PathParam("machine") String machine,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
        return answers.machine(machine).clock().thenApply(view -> tagged(ClockResponse.of(view), ifNoneMatch));
    }

    @PATCH
    @Operation(
            operationId = "patchClock",
            summary = "Run, pause, or change the rate; the clock goes on from where it stands")
    public CompletionStage<RestResponse<ClockResponse>> patch(
            @PathParam("machine") String machine,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @NotNull @Valid ClockPatch body) {
        MachineHandle handle = answers.machine(machine);
        Long expected = Etag.version(ifMatch);
        return handle.patchClock(body.state(), body.rateMillionths(), expected).thenApply(view -> {
            events.changed(handle, view);
            return tagged(ClockResponse.of(view), null);
        });
    }

    @POST
    @Path("/advance")
    @Operation(
            operationId = "advanceClock",
            summary =
                    "Let a PAUSED machine run: by a span, until an instant, until it is idle, or for a number of events")
    public CompletionStage<RestResponse<AdvanceResult>> advance(
            @PathParam("machine") String machine,
            @NotNull @Valid AdvanceRequest body,
            @Context HttpServerRequest request) {
        MachineHandle handle = answers.machine(machine);
        Cancellation cancellation = new Cancellation();
        CompletionStage<RestResponse<AdvanceResult>> answer =
                handle.advance(body.advance(), cancellation).thenApply(RestResponse::ok);
        return answers.await(request, new Work<>("advance", handle, answer, cancellation));
    }

    private static RestResponse<ClockResponse> tagged(ClockResponse clock, @Nullable String ifNoneMatch) {
        return Etag.tagged(clock, Etag.of(clock.version()), ifNoneMatch);
    }
}
