package org.ioatlab.rest.nics;

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
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.NicViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.memory.Contents;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.problem.Problems;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The packet tap behind a port's driver, and the packets that it holds. */
@Path(Api.MACHINE + "/nics/{nic}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "NICs")
@NonBlocking
public class PacketsResource {
    private final Answers answers;

    PacketsResource(Answers answers) {
        this.answers = answers;
    }

    /** How many packets to hold, 0 to 65 536; 0 frees each at once. */
    public record TapRequest(@NotNull @Min(0) @Max(65_536) Integer hold) {}

    @GET
    @Path("/tap")
    @Operation(operationId = "getTap", summary = "The packet socket at the end of the receive path")
    public CompletionStage<NicViews.Tap> tap(@PathParam("machine") String machine, @PathParam("nic") String nic) {
        return answers.look(machine, faces -> faces.nics().tap(nic));
    }

    @PUT
    @Path("/tap")
    @Operation(
            operationId = "putTap",
            summary = "Let packet_rcv() hold received socket buffers instead of freeing them")
    public CompletionStage<RestResponse<NicViews.Tap>> setTap(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @NotNull @Valid TapRequest body,
            @Context HttpServerRequest request) {
        return answers.ok(request, machine, new NicCommand.SetTap(nic, body.hold()));
    }

    @GET
    @Path("/packets")
    @Operation(
            operationId = "listPackets",
            summary = "Held socket buffers: queue, hash, where the header lies and in which pages the payload")
    public CompletionStage<Page<NicViews.Packet>> list(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @QueryParam("after")
                    @DefaultValue("-1")
                    @Min(-1)
                    @Parameter(description = "only packets with larger sequence numbers", example = "-1")
                    long after,
            @QueryParam("queue") @Min(0) @Max(7) @Nullable @Parameter(description = "only packets of this queue")
                    Integer queue,
            @Valid @BeanParam PageQuery page) {
        long from = page.pageToken == null ? after : sequence(page.pageToken);
        return answers.look(machine, faces -> faces.nics().packets(nic, from, page.size() + 1, queue))
                .thenApply(found -> cut(found, page.size()));
    }

    @GET
    @Path("/packets/{sequence}/content")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(operationId = "readPacket", summary = "A held packet's bytes, gathered from header buffer and pages")
    public CompletionStage<Response> content(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @PathParam("sequence") @Parameter(example = "0") long sequence,
            @HeaderParam("Range") @Nullable String range) {
        return answers.look(machine, faces -> faces.nics().packetBytes(nic, sequence))
                .thenApply(bytes -> Contents.answer(bytes, range));
    }

    @DELETE
    @Path("/packets")
    @Operation(operationId = "releasePackets", summary = "kfree_skb() of held packets, up to a sequence number or all")
    public CompletionStage<RestResponse<Void>> release(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @QueryParam("through") @Min(0) @Nullable @Parameter(description = "the last packet to free") Long through,
            @Context HttpServerRequest request) {
        return answers.gone(request, machine, new NicCommand.ReleasePackets(nic, through));
    }

    private static Page<NicViews.Packet> cut(List<NicViews.Packet> found, int size) {
        if (found.size() <= size) {
            return new Page<>(found, null);
        }
        List<NicViews.Packet> part = found.subList(0, size);
        return new Page<>(part, Long.toString(part.getLast().sequence()));
    }

    private static long sequence(String token) {
        try {
            return Long.parseLong(token);
        } catch (NumberFormatException e) {
            throw Problems.badValue("pageToken", "is none that this service gave");
        }
    }
}
