package org.ioatlab.rest.sockets;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.SocketCommand;
import org.ioatlab.machine.SocketFace;
import org.ioatlab.machine.SocketViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Sockets. */
@Path(Api.MACHINE + "/sockets")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Sockets")
@NonBlocking
public class SocketsResource {
    private final Answers answers;

    SocketsResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * A socket to open.
     *
     * @param protocol TCP without it
     * @param address to bind to; every one without it
     * @param port to bind to
     * @param backlog of a listening socket; 128 without it
     * @param connectTo address of the other end; a TCP socket listens without it
     * @param connectPort port of the other end
     * @param options by name, such as {@code SO_RCVBUF}
     * @param timeout of connecting
     * @param cpu on which the call runs
     */
    public record SocketRequest(
            SocketCommand.@Nullable Protocol protocol,
            @Nullable String address,
            @Min(1) @Max(65_535) @Nullable Integer port,

            @Min(0) @Max(SocketFace.LARGEST_BACKLOG) @Nullable
            Integer backlog,

            @Nullable String connectTo,
            @Min(1) @Max(65_535) @Nullable Integer connectPort,
            @Nullable Map<String, Long> options,
            @Nullable VirtualDuration timeout,
            @Min(0) @Nullable Integer cpu) {}

    /**
     * A call that may wait.
     *
     * @param timeout of virtual time; one second without it
     * @param cpu on which the call runs
     */
    public record WaitRequest(
            @Nullable VirtualDuration timeout,
            @Min(0) @Nullable Integer cpu) {}

    /**
     * Which directions to shut down.
     *
     * @param how both without it
     * @param cpu on which the call runs
     */
    public record ShutdownRequest(
            SocketCommand.@Nullable How how,
            @Min(0) @Nullable Integer cpu) {}

    /**
     * Options to set.
     *
     * @param options by name
     * @param cpu on which the calls run
     */
    public record OptionsRequest(
            @NotNull Map<String, Long> options,
            @Min(0) @Nullable Integer cpu) {}

    @POST
    @Operation(operationId = "openSocket", summary = "socket(), setsockopt(), bind(), and listen() or connect()")
    public CompletionStage<RestResponse<SocketViews.Socket>> open(
            @PathParam("machine") String machine,
            @NotNull @Valid SocketRequest body,
            @Context HttpServerRequest request) {
        return answers.created(
                request,
                machine,
                new SocketCommand.Open(
                        body.protocol() == null ? SocketCommand.Protocol.TCP : body.protocol(),
                        body.address(),
                        body.port(),
                        body.backlog(),
                        body.connectTo(),
                        body.connectPort(),
                        body.options() == null ? Map.of() : body.options(),
                        CallTimeout.picoseconds(body.timeout()),
                        OnCpu.of(body.cpu())),
                socket -> place(machine, socket.id()));
    }

    private static String place(String machine, @Nullable String socket) {
        return Api.machine(machine) + "/sockets/" + socket;
    }

    @GET
    @Operation(operationId = "listSockets", summary = "All sockets of the machine, by descriptor")
    public CompletionStage<Page<SocketViews.Socket>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.sockets().sockets())
                .thenApply(all -> page.cut(all, SocketViews.Socket::id));
    }

    @GET
    @Path("/{socket}")
    @Operation(operationId = "getSocket", summary = "A socket: its ends, its state, SIOCINQ, SIOCOUTQ, and TCP_INFO")
    public CompletionStage<SocketViews.Socket> get(
            @PathParam("machine") String machine, @PathParam("socket") String socket) {
        return answers.look(machine, faces -> faces.sockets().socket(socket));
    }

    @GET
    @Path("/{socket}/options")
    @Operation(operationId = "getSocketOptions", summary = "getsockopt(), for every option but SO_ERROR")
    public CompletionStage<SocketViews.Options> options(
            @PathParam("machine") String machine, @PathParam("socket") String socket) {
        return answers.look(machine, faces -> faces.sockets().options(socket));
    }

    @PATCH
    @Path("/{socket}")
    @Operation(operationId = "setSocketOptions", summary = "setsockopt(), for each option named")
    public CompletionStage<RestResponse<SocketViews.Socket>> setOptions(
            @PathParam("machine") String machine,
            @PathParam("socket") String socket,
            @NotNull @Valid OptionsRequest body,
            @Context HttpServerRequest request) {
        return answers.ok(request, machine, new SocketCommand.SetOptions(socket, body.options(), OnCpu.of(body.cpu())));
    }

    @DELETE
    @Path("/{socket}")
    @Operation(
            operationId = "closeSocket",
            summary = "close(): the connection ends by itself, by a RST if data were left unread")
    public CompletionStage<RestResponse<Void>> close(
            @PathParam("machine") String machine,
            @PathParam("socket") String socket,
            @QueryParam("cpu") @DefaultValue("0") @Min(0) int cpu,
            @Context HttpServerRequest request) {
        return answers.gone(request, machine, new SocketCommand.Close(socket, cpu));
    }

    @POST
    @Path("/{socket}/accept")
    @Operation(
            operationId = "accept",
            summary = "accept(): the connection that has waited longest, or the next that comes")
    public CompletionStage<RestResponse<SocketViews.Accepted>> accept(
            @PathParam("machine") String machine,
            @PathParam("socket") String socket,
            @Valid @Nullable WaitRequest body,
            @Context HttpServerRequest request) {
        long timeout = CallTimeout.picoseconds(body == null ? null : body.timeout());
        int cpu = body == null ? 0 : OnCpu.of(body.cpu());
        return answers.run(
                request,
                machine,
                new SocketCommand.Accept(socket, timeout, cpu),
                accepted -> accepted.id() == null
                        ? RestResponse.ok(accepted)
                        : Answers.created(request, place(machine, accepted.id()), accepted));
    }

    @POST
    @Path("/{socket}/shutdown")
    @Operation(operationId = "shutdown", summary = "shutdown(): a FIN goes behind what was written")
    public CompletionStage<RestResponse<SocketViews.Socket>> shutdown(
            @PathParam("machine") String machine,
            @PathParam("socket") String socket,
            @Valid @Nullable ShutdownRequest body,
            @Context HttpServerRequest request) {
        SocketCommand.How how = body == null || body.how() == null ? SocketCommand.How.BOTH : body.how();
        int cpu = body == null ? 0 : OnCpu.of(body.cpu());
        return answers.ok(request, machine, new SocketCommand.Shutdown(socket, how, cpu));
    }
}
