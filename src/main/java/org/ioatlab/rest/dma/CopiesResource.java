package org.ioatlab.rest.dma;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
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
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Places;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Copies. */
@Path(Api.MACHINE + "/dma")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "DMA")
@NonBlocking
public class CopiesResource {
    private final Answers answers;

    CopiesResource(Answers answers) {
        this.answers = answers;
    }

    @POST
    @Path("/channels/{channel}/copies")
    @Operation(
            operationId = "submitCopies",
            summary =
                    "dma_memcpy_buf_to_buf(), dma_memcpy_buf_to_pg(), dma_memcpy_pg_to_pg(): submit copies to a channel")
    public CompletionStage<RestResponse<CopyResponse>> submit(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @NotNull @Valid CopyRequest body,
            @Context HttpServerRequest request) {
        return submit(request, machine, body.command(channel, body.client()), body.isSingle());
    }

    @POST
    @Path("/clients/{client}/copies")
    @Operation(
            operationId = "submitClientCopies",
            summary =
                    "The same memcpy calls on a client's oldest channel; with fallback CPU, memcpy() when it has none")
    public CompletionStage<RestResponse<CopyResponse>> submitForClient(
            @PathParam("machine") String machine,
            @PathParam("client") String client,
            @NotNull @Valid CopyRequest body,
            @Context HttpServerRequest request) {
        return submit(request, machine, body.command(null, client), body.isSingle());
    }

    private CompletionStage<RestResponse<CopyResponse>> submit(
            HttpServerRequest request, String machine, DmaCommand.SubmitCopies command, boolean single) {
        return answers.run(
                request, machine, command, done -> accepted(request, machine, CopyResponse.of(done, single)));
    }

    private static RestResponse<CopyResponse> accepted(HttpServerRequest request, String machine, CopyResponse answer) {
        RestResponse.ResponseBuilder<CopyResponse> response =
                RestResponse.ResponseBuilder.create(RestResponse.Status.ACCEPTED, answer);
        String place = place(machine, answer.channel(), answer.newestCookie());
        return (place == null ? response : response.header(HttpHeaders.LOCATION, Places.of(request, place))).build();
    }

    private static @Nullable String place(String machine, @Nullable String channel, @Nullable Integer cookie) {
        return channel == null || cookie == null
                ? null
                : Api.machine(machine) + "/dma/channels/" + channel + "/cookies/" + cookie;
    }
}
