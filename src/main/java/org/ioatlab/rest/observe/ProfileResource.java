package org.ioatlab.rest.observe;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.CommandForms;
import org.ioatlab.machine.CpuFace;
import org.ioatlab.machine.CpuViews;
import org.ioatlab.machine.ObservationCommand;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.MediaTypes;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Where the cycles went. */
@Path(Api.MACHINE + "/profile")
@Tag(name = "Observation")
@NonBlocking
public class ProfileResource {
    private static final String FOLDED = "folded";

    private final Answers answers;

    ProfileResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    @Operation(
            operationId = "getProfile",
            summary = "opreport -l: kernel functions by samples, as JSON, as text/plain, or as folded stacks")
    public CompletionStage<RestResponse<Object>> get(
            @PathParam("machine") String machine,
            @QueryParam("cpu") @Min(0) @Nullable Integer cpu,
            @QueryParam("format") @Pattern(regexp = "json|opreport|folded") @Nullable String format,
            @HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept) {
        if (FOLDED.equals(format)) {
            return answers.look(machine, faces -> faces.cpus().stacks(cpu))
                    .thenApply(stacks -> text(OpReport.fold(stacks)));
        }
        boolean text = format == null ? MediaTypes.prefersText(accept) : !format.equals("json");
        return answers.look(machine, faces -> faces.cpus().profile(cpu))
                .thenApply(profile -> text ? text(OpReport.print(profile)) : json(profile));
    }

    private static RestResponse<Object> text(String report) {
        return RestResponse.ResponseBuilder.<Object>ok(report, MediaType.TEXT_PLAIN)
                .build();
    }

    private static RestResponse<Object> json(CpuViews.Profile profile) {
        return RestResponse.ResponseBuilder.<Object>ok(profile, MediaType.APPLICATION_JSON)
                .build();
    }

    /**
     * What samples are counted by.
     *
     * @param event the one before without it
     * @param periodCycles events from sample to sample; as many as before without it
     */
    public record SamplingPatch(
            @Nullable String event,

            @Min(1) @Max(CpuFace.MOST_PERIOD_CYCLES) @Nullable
            Long periodCycles) {}

    @PATCH
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "setProfile",
            summary = "opcontrol --event: what is counted and how many a sample; forgets the samples so far")
    public CompletionStage<RestResponse<CpuViews.Sampling>> set(
            @PathParam("machine") String machine,
            @NotNull @Valid SamplingPatch body,
            @Context HttpServerRequest request) {
        return answers.ok(request, machine, CommandForms.setProfile(body.event(), body.periodCycles()));
    }

    @DELETE
    @Operation(operationId = "resetProfile", summary = "opcontrol --reset")
    public CompletionStage<RestResponse<Void>> reset(
            @PathParam("machine") String machine, @Context HttpServerRequest request) {
        return answers.gone(request, machine, new ObservationCommand.ResetProfile());
    }
}
