package org.ioatlab.rest.packetdrill;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.PacketdrillCommand;
import org.ioatlab.machine.PacketdrillViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.memory.Contents;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Scripts in packetdrill's language, run on a machine and its first port. */
@Path(Api.MACHINE + "/packetdrill")
@Tag(name = "Packetdrill")
@NonBlocking
public class PacketdrillResource {
    private final Answers answers;

    PacketdrillResource(Answers answers) {
        this.answers = answers;
    }

    @POST
    @Consumes({MediaType.TEXT_PLAIN, MediaType.APPLICATION_OCTET_STREAM})
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "runScript",
            summary = "Run a packetdrill script: inject and expect packets, make system calls, at virtual times")
    public CompletionStage<RestResponse<PacketdrillViews.Report>> run(
            @PathParam("machine") String machine,
            @QueryParam("cpu") @Min(0) @Nullable Integer cpu,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.TEXT_PLAIN,
                                            schema = @Schema(implementation = String.class)))
                    byte @Nullable [] body,
            @Context HttpServerRequest request) {
        String script = new String(Contents.required(body), StandardCharsets.UTF_8);
        return answers.ok(request, machine, new PacketdrillCommand.Run(script, OnCpu.of(cpu)));
    }
}
