package org.ioatlab.rest.nics;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.lab.LabLimits;
import org.ioatlab.machine.NicViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.memory.Contents;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.wire.MacAddress;
import org.ioatlab.wire.capture.CaptureLimits;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Frames put on the wire towards a port. */
@Path(Api.MACHINE + "/nics/{nic}/frames")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "NICs")
@NonBlocking
public class FramesResource {
    private final Answers answers;
    private final LabLimits limits;

    FramesResource(Answers answers, LabLimits limits) {
        this.answers = answers;
        this.limits = limits;
    }

    /** How frames of a capture follow each other. */
    public enum Timing {
        /** The first starts now, the others keep their distances. */
        CAPTURED,
        /** One behind the other. */
        LINE_RATE
    }

    /** What happens to destination addresses. */
    public enum Mac {
        /** The port's own is put in. */
        REWRITE,
        /** They stay. */
        KEEP
    }

    /** Frames in the order in which they are sent. */
    public record FramesRequest(@NotEmpty List<@NotNull @Valid Frame> frames) {}

    /**
     * A frame from its destination address to the last byte before the frame check sequence: exactly one of both forms.
     *
     * @param gap how long the wire is idle before it, besides the usual gap
     */
    public record Frame(
            @Nullable String hex,
            @Nullable String base64,
            @Nullable VirtualDuration gap) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "injectFrames",
            summary = "Frames arrive from the link, as if another station had sent them")
    public CompletionStage<RestResponse<NicViews.Injected>> inject(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @QueryParam("timing") @Nullable Timing timing,
            @QueryParam("mac") @DefaultValue("REWRITE") Mac mac,
            @NotNull @Valid FramesRequest body,
            @Context HttpServerRequest request) {
        FrameInjection injection = FrameInjection.of(body.frames());
        return inject(machine, nic, mac, injection, request);
    }

    @POST
    @Consumes({
        "application/vnd.tcpdump.pcap",
        "application/x-pcapng",
        "application/x-pcap",
        MediaType.APPLICATION_OCTET_STREAM
    })
    @Blocking
    @Operation(
            operationId = "injectCapture",
            hidden = true,
            summary = "The frames of a capture file arrive from the link")
    public CompletionStage<RestResponse<NicViews.Injected>> injectCapture(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @QueryParam("timing") @DefaultValue("CAPTURED") Timing timing,
            @QueryParam("mac") @DefaultValue("REWRITE") Mac mac,
            byte @Nullable [] body,
            @Context HttpServerRequest request) {
        CaptureLimits readable = new CaptureLimits(limits.framesPerInjection(), limits.bodyBytes());
        FrameInjection injection =
                FrameInjection.ofCapture(Contents.required(body), readable, timing == Timing.CAPTURED);
        return inject(machine, nic, mac, injection, request);
    }

    private CompletionStage<RestResponse<NicViews.Injected>> inject(
            String machine, String nic, Mac mac, FrameInjection injection, HttpServerRequest request) {
        return answers.look(machine, faces -> faces.nics().nic(nic).mac())
                .thenCompose(address -> answers.run(
                        request,
                        machine,
                        injection.command(nic, mac == Mac.REWRITE ? MacAddress.parse(address) : null),
                        injected -> RestResponse.ok(injection.explain(injected))));
    }
}
