package org.ioatlab.rest.sockets;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
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
import org.ioatlab.machine.Content;
import org.ioatlab.machine.SocketCommand;
import org.ioatlab.machine.SocketFace;
import org.ioatlab.machine.SocketViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.problem.Problems;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Reading from and writing to sockets. */
@Path(Api.MACHINE + "/sockets/{socket}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Sockets")
@NonBlocking
public class MessagesResource {
    private final Answers answers;

    MessagesResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * A read.
     *
     * @param len of one buffer
     * @param iov lengths of several buffers, as {@code readv()} takes them
     * @param flags such as {@code MSG_WAITALL}
     * @param pagedOut whether the buffers are paged out before the call, TCP only; not without it
     * @param timeout of virtual time; one second without it
     * @param cpu on which the call runs
     */
    public record ReceiveRequest(
            @Min(0) @Max(SocketFace.MOST_BYTES) @Nullable Integer len,

            @Size(min = 1, max = SocketFace.MOST_BUFFERS) @Nullable
            List<@NotNull @Min(0) @Max(SocketFace.MOST_BYTES) Integer> iov,

            @Nullable List<@NotNull String> flags,
            @Nullable Boolean pagedOut,
            @Nullable VirtualDuration timeout,
            @Min(0) @Nullable Integer cpu) {}

    /**
     * A write.
     *
     * @param len bytes of the pattern
     * @param fill the pattern; {@code ZERO} without it
     * @param base64 the bytes themselves
     * @param flags such as {@code MSG_MORE}
     * @param sendfile whether the bytes are a file's in the page cache, sent from there without a copy
     * @param address the other end, for UDP sockets that aren't connected
     * @param port the other end's port
     * @param timeout of virtual time; one second without it
     * @param cpu on which the call runs
     */
    public record SendRequest(
            @Min(0) @Max(SocketFace.MOST_BYTES) @Nullable Integer len,
            Content.@Nullable Fill fill,
            byte @Nullable [] base64,
            @Nullable List<@NotNull String> flags,
            @Nullable Boolean sendfile,
            @Nullable String address,
            @Min(1) @Max(65_535) @Nullable Integer port,
            @Nullable VirtualDuration timeout,
            @Min(0) @Nullable Integer cpu) {}

    @POST
    @Path("/recv")
    @Operation(
            operationId = "receive",
            summary = "tcp_recvmsg(), udp_recvmsg(): reads what is there or waits for it, and tells who copied it")
    public CompletionStage<RestResponse<SocketViews.Received>> receive(
            @PathParam("machine") String machine,
            @PathParam("socket") String socket,
            @NotNull @Valid ReceiveRequest body,
            @Context HttpServerRequest request) {
        return answers.ok(
                request,
                machine,
                new SocketCommand.Receive(
                        socket,
                        lengths(body),
                        body.flags() == null ? List.of() : body.flags(),
                        CallTimeout.picoseconds(body.timeout()),
                        OnCpu.of(body.cpu()),
                        body.pagedOut()));
    }

    private static List<Integer> lengths(ReceiveRequest body) {
        List<Integer> iov = body.iov();
        Integer len = body.len();
        if ((iov == null) == (len == null)) {
            throw Problems.of(422, "len-or-iov", "A read takes either len or iov.");
        }
        return iov == null ? List.of(len) : iov;
    }

    @POST
    @Path("/send")
    @Operation(
            operationId = "send",
            summary =
                    "tcp_sendmsg(), udp_sendmsg() or sendfile(): full segments leave at once, the rest as Nagle lets it")
    public CompletionStage<RestResponse<SocketViews.Sent>> send(
            @PathParam("machine") String machine,
            @PathParam("socket") String socket,
            @NotNull @Valid SendRequest body,
            @Context HttpServerRequest request) {
        byte[] bytes = body.base64();
        if (bytes != null && (body.fill() != null || body.len() != null)) {
            throw Problems.of(422, "two-contents", "fill and base64 exclude each other, and base64 tells its length.");
        }
        Integer length = bytes == null ? body.len() : Integer.valueOf(bytes.length);
        if (length == null) {
            throw Problems.of(422, "no-content", "A write takes base64, or len and fill.");
        }
        Content.Fill fill = body.fill() == null ? Content.Fill.ZERO : body.fill();
        return answers.ok(
                request,
                machine,
                new SocketCommand.Send(
                        socket,
                        length,
                        bytes != null ? new Content(null, bytes) : new Content(fill, null),
                        body.flags() == null ? List.of() : body.flags(),
                        Boolean.TRUE.equals(body.sendfile()),
                        body.address(),
                        body.port(),
                        CallTimeout.picoseconds(body.timeout()),
                        OnCpu.of(body.cpu())));
    }
}
