package org.ioatlab.rest.sockets;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.SocketCommand;
import org.ioatlab.machine.SocketFace;
import org.ioatlab.machine.SocketViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Waiting for several sockets. */
@Path(Api.MACHINE + "/poll")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Sockets")
@NonBlocking
public class PollResource {
    private final Answers answers;

    PollResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * Sockets to wait for.
     *
     * @param sockets their ids
     * @param events of all of them; {@code POLLIN} without it
     * @param timeout of virtual time; one second without it
     * @param cpu on which the call runs
     */
    public record PollRequest(
            @NotNull @Size(min = 1, max = SocketFace.MOST_POLLED)
            List<@NotNull String> sockets,

            @Nullable List<@NotNull String> events,
            @Nullable VirtualDuration timeout,
            @Min(0) @Nullable Integer cpu) {}

    @POST
    @Operation(operationId = "poll", summary = "do_poll(): sleeps until a socket is ready or the time is over")
    public CompletionStage<RestResponse<SocketViews.Polled>> poll(
            @PathParam("machine") String machine,
            @NotNull @Valid PollRequest body,
            @Context HttpServerRequest request) {
        List<String> events = body.events() == null ? List.of() : body.events();
        return answers.ok(
                request,
                machine,
                new SocketCommand.Poll(
                        body.sockets().stream()
                                .map(socket -> new SocketCommand.PollEntry(socket, events))
                                .toList(),
                        CallTimeout.picoseconds(body.timeout()),
                        OnCpu.of(body.cpu())));
    }
}
