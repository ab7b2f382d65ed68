package org.ioatlab.rest.nic;

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
import org.ioatlab.machine.CommandForms;
import org.ioatlab.machine.NicViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Etag;
import org.ioatlab.rest.http.MediaTypes;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.operations.Settings;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What a port saw, as a capture file. */
@Path(Api.MACHINE + "/nics/{nic}/capture")
@Tag(name = "NICs")
@NonBlocking
public class CaptureResource {
    private final Answers answers;
    private final Settings settings;

    CaptureResource(Answers answers, Settings settings) {
        this.answers = answers;
        this.settings = settings;
    }

    /**
     * Settings of the capture; what isn't given stays.
     *
     * @param enabled whether frames are kept
     * @param snapLength bytes kept of each frame
     * @param filter an expression that frames have to match, as tcpdump takes them; an empty one for all
     * @param direction RX, TX or BOTH
     */
    public record CaptureRequest(
            @Nullable Boolean enabled,
            @Min(14) @Max(262_144) @Nullable Integer snapLength,
            @Size(max = 1024) @Nullable String filter,
            @Nullable String direction) {}

    @GET
    @Produces({FramesResource.PCAPNG, MediaType.APPLICATION_JSON})
    @Operation(
            operationId = "getCapture",
            summary =
                    "tcpdump -w: what the port saw, as a pcapng file; as application/json the capture's settings and counters")
    public CompletionStage<Response> get(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
        if (MediaTypes.prefers(accept, "application/json", "pcap")) {
            return answers.look(machine, faces -> faces.nics().capture(nic))
                    .thenApply(capture -> Etag.<Object>tagged(capture, tag(capture), ifNoneMatch)
                            .toResponse());
        }
        return answers.look(machine, faces -> faces.nics().captureFile(nic))
                .thenApply(file -> Response.ok(file, FramesResource.PCAPNG)
                        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=" + nic + ".pcapng")
                        .build());
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "setCapture",
            summary = "tcpdump -i, -s, -Q: start or stop capturing, and say what is kept")
    public CompletionStage<RestResponse<NicViews.Capture>> set(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @NotNull @Valid CaptureRequest body,
            @Context HttpServerRequest request) {
        return settings.change(
                request,
                machine,
                ifMatch,
                CommandForms.setCapture(nic, body.enabled(), body.snapLength(), body.filter(), body.direction()),
                faces -> tag(faces.nics().capture(nic)),
                CaptureResource::tag);
    }

    /** The tag of settings only: what was captured changes all the time. */
    private static String tag(NicViews.Capture capture) {
        return Etag.of(
                new CaptureRequest(capture.enabled(), capture.snapLength(), capture.filter(), capture.direction()));
    }
}
