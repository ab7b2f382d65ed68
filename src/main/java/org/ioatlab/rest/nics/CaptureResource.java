package org.ioatlab.rest.nics;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.NicViews;
import org.ioatlab.observe.CaptureDirection;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The capture of what one port sees. */
@Path(Api.MACHINE + "/nics/{nic}/capture")
@Tag(name = "NICs")
@NonBlocking
public class CaptureResource {
    /** The media type of pcapng files. */
    public static final String PCAPNG = "application/x-pcapng";

    private final Answers answers;

    CaptureResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * What to change; what isn't named stays.
     *
     * @param enabled whether frames are kept; switching on begins a new file
     * @param snapLength the most bytes kept of a frame, 1 to 262 144
     * @param filter which frames are kept, for example {@code tcp and port 80}; an empty one takes all
     * @param direction RX, TX or BOTH
     */
    public record CaptureRequest(
            @Nullable Boolean enabled,
            @Min(1) @Max(262_144) @Nullable Integer snapLength,
            @Size(max = 1000) @Nullable String filter,
            @Nullable CaptureDirection direction) {}

    @GET
    @Produces({PCAPNG, MediaType.APPLICATION_JSON + ";qs=0.5"})
    @Operation(
            operationId = "getCapture",
            summary = "What the port saw, as a pcapng file; as JSON the capture's settings")
    public CompletionStage<Response> get(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept) {
        if (accept != null && accept.contains(MediaType.APPLICATION_JSON)) {
            return answers.look(machine, faces -> faces.nics().capture(nic))
                    .thenApply(capture ->
                            Response.ok(capture, MediaType.APPLICATION_JSON).build());
        }
        return answers.look(machine, faces -> faces.nics().captureFile(nic))
                .thenApply(file -> Response.ok(file, PCAPNG)
                        .header("Content-Disposition", "attachment; filename=\"" + machine + "-" + nic + ".pcapng\"")
                        .build());
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "putCapture", summary = "Keep what goes over the port's wire, as tcpdump does")
    public CompletionStage<RestResponse<NicViews.Capture>> put(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @NotNull @Valid CaptureRequest body,
            @Context HttpServerRequest request) {
        return answers.ok(
                request,
                machine,
                new NicCommand.SetCapture(nic, body.enabled(), body.snapLength(), body.filter(), body.direction()));
    }
}
