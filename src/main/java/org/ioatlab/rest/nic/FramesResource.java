package org.ioatlab.rest.nic;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.lab.LabLimits;
import org.ioatlab.machine.FrameUpload;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.NicViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.memory.Contents;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.problem.Problems;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Frames on their way to a port. */
@Path(Api.MACHINE + "/nics/{nic}/frames")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "NICs")
@NonBlocking
public class FramesResource {
    /** The registered type of capture files. */
    public static final String PCAP = "application/vnd.tcpdump.pcap";

    /** The usual type of the newer form of capture files. */
    public static final String PCAPNG = "application/x-pcapng";

    private final Answers answers;
    private final LabLimits limits;

    FramesResource(Answers answers, LabLimits limits) {
        this.answers = answers;
        this.limits = limits;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "injectFrames",
            summary = "Put frames on the wire towards the port, or a capture file's frames at their captured distances")
    public CompletionStage<RestResponse<NicViews.Injected>> inject(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @QueryParam("timing") @Nullable String timing,
            @QueryParam("mac") @Nullable String mac,
            @NotNull @Valid FramesRequest body,
            @Context HttpServerRequest request) {
        boolean captured = isFirst("timing", timing, "LINE_RATE", "CAPTURED", "LINE_RATE");
        boolean rewrite = isFirst("mac", mac, "REWRITE", "REWRITE", "KEEP");
        requireFrames(body.frames().size());
        return answers.look(machine, faces -> faces.nics().nic(nic)).thenCompose(port -> {
            NicCommand.InjectFrames command = body.command(nic, captured);
            if (rewrite) {
                FrameUpload.rewrite(command.bytes(), command.lengths(), port.mac());
            }
            return answers.ok(request, machine, command);
        });
    }

    @POST
    @Consumes({PCAP, PCAPNG, MediaType.APPLICATION_OCTET_STREAM})
    @Operation(hidden = true)
    public CompletionStage<RestResponse<NicViews.Injected>> upload(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @QueryParam("timing") @Nullable String timing,
            @QueryParam("mac") @Nullable String mac,
            byte @Nullable [] body,
            @Context HttpServerRequest request) {
        boolean captured = isFirst("timing", timing, "CAPTURED", "CAPTURED", "LINE_RATE");
        boolean rewrite = isFirst("mac", mac, "REWRITE", "REWRITE", "KEEP");
        byte[] file = Contents.required(body);
        return answers.look(machine, faces -> faces.nics().nic(nic)).thenCompose(port -> {
            FrameUpload upload = FrameUpload.of(nic, file, limits.framesPerInjection(), port.mac(), rewrite, captured);
            return answers.run(
                    request, machine, upload.command(), injected -> RestResponse.ok(upload.answer(injected)));
        });
    }

    private void requireFrames(int count) {
        if (count > limits.framesPerInjection()) {
            throw Problems.builder(
                            413,
                            "too-many-frames",
                            "One injection has at most " + limits.framesPerInjection() + " frames.")
                    .with("limitFrames", limits.framesPerInjection())
                    .build();
        }
    }

    private static boolean isFirst(String field, @Nullable String value, String usual, String first, String second) {
        String chosen = Objects.requireNonNullElse(value, usual);
        if (!chosen.equals(first) && !chosen.equals(second)) {
            throw Problems.notAllowed(field, chosen, List.of(first, second));
        }
        return chosen.equals(first);
    }
}
