package org.ioatlab.rest.nic;

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
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.NicViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.memory.Contents;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Received packets that the tap holds back from being freed. */
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

    /** How many packets to hold: their buffers and pages stay allocated until they are released. */
    public record TapRequest(
            @NotNull @Min(0) @Max(1_000_000) Integer hold) {}

    @GET
    @Path("/tap")
    @Operation(operationId = "getTap", summary = "The packet tap: how many received packets it may hold, and holds")
    public CompletionStage<NicViews.Tap> tap(@PathParam("machine") String machine, @PathParam("nic") String nic) {
        return answers.look(machine, faces -> faces.nics().tap(nic));
    }

    @PUT
    @Path("/tap")
    @Operation(
            operationId = "setTap",
            summary = "Let the packet tap hold received socket buffers instead of kfree_skb()")
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
            summary = "Held socket buffers: header buffer, page fragments, hash, queue and checksum verdict of each")
    public CompletionStage<Page<NicViews.Packet>> packets(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @QueryParam("after") @DefaultValue("0") @Min(0) long after,
            @QueryParam("queue") @Min(0) @Nullable Integer queue,
            @Valid @BeanParam PageQuery page) {
        long from = page.after(after);
        return answers.look(machine, faces -> faces.nics().packets(nic, from, page.size() + 1, queue))
                .thenApply(packets -> page.cutFetched(packets, NicViews.Packet::sequence));
    }

    @GET
    @Path("/packets/{sequence}/content")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(
            operationId = "readPacket",
            summary = "The bytes of a held packet: header buffer and page fragments together")
    public CompletionStage<Response> content(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @PathParam("sequence") long sequence,
            @HeaderParam("Range") @Nullable String range) {
        return answers.look(machine, faces -> faces.nics().packetBytes(nic, sequence))
                .thenApply(bytes -> Contents.answer(bytes, range));
    }

    @DELETE
    @Path("/packets")
    @Operation(
            operationId = "releasePackets",
            summary = "kfree_skb() for held packets: all, or those up to a sequence number")
    public CompletionStage<RestResponse<NicViews.Tap>> release(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @QueryParam("through") @Min(0) @Nullable Long through,
            @Context HttpServerRequest request) {
        return answers.ok(request, machine, new NicCommand.ReleasePackets(nic, through));
    }
}
