package org.ioatlab.rest.wire;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Multi;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.lab.LabLimits;
import org.ioatlab.machine.NicViews;
import org.ioatlab.machine.WireViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.problem.Problems;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The switch at the other end of each cable, and packets to and from it. */
@Path(Api.MACHINE + "/wire")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Wire")
@NonBlocking
public class WireResource {
    private final Answers answers;
    private final LabLimits limits;

    WireResource(Answers answers, LabLimits limits) {
        this.answers = answers;
        this.limits = limits;
    }

    @GET
    @Operation(
            operationId = "listWires",
            summary = "The switch at each port's cable: its remote hosts, what waits there, what was lost")
    public CompletionStage<Page<WireViews.Wire>> wires(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.wire().wires())
                .thenApply(all -> page.cut(all, WireViews.Wire::nic));
    }

    @PUT
    @Path("/impairments")
    @Operation(
            operationId = "setImpairments",
            summary = "tc qdisc replace … netem: lose, double, reorder, damage and delay what the machine sends")
    public CompletionStage<RestResponse<WireViews.Wire>> impair(
            @PathParam("machine") String machine,
            @NotNull @Valid ImpairmentsRequest body,
            @Context HttpServerRequest request) {
        return answers.ok(request, machine, body.command());
    }

    @POST
    @Path("/packets")
    @Operation(
            operationId = "injectPackets",
            summary = "Put raw IP packets on the wire towards the machine, at once or at instants of its clock")
    public CompletionStage<RestResponse<NicViews.Injected>> inject(
            @PathParam("machine") String machine,
            @NotNull @Valid PacketsRequest body,
            @Context HttpServerRequest request) {
        if (body.packets().size() > limits.framesPerInjection()) {
            throw Problems.builder(
                            413,
                            "too-many-frames",
                            "One injection has at most " + limits.framesPerInjection() + " packets.")
                    .with("limitFrames", limits.framesPerInjection())
                    .build();
        }
        return answers.ok(request, machine, body.command());
    }

    @GET
    @Path("/packets")
    @Operation(
            operationId = "listSentPackets",
            summary =
                    "IP packets that the machine has sent, with the instants of their last bits; as text/event-stream, as they come")
    public CompletionStage<Page<WireViews.Packet>> packets(
            @PathParam("machine") String machine,
            @QueryParam("after") @DefaultValue("0") @Min(0) long after,
            @Valid @BeanParam PageQuery page) {
        long from = page.after(after);
        return answers.look(machine, faces -> faces.wire().packets(from, page.size() + 1))
                .thenApply(packets -> page.cutFetched(packets, WireViews.Packet::sequence));
    }

    /**
     * Packets as a stream.
     *
     * @param after the number of the last packet that the client has
     * @param lastEventId the same, as a client that comes back tells it
     * @param follow false ends the stream after what is kept
     */
    @GET
    @Path("/packets")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(hidden = true)
    public Multi<OutboundSseEvent> stream(
            @PathParam("machine") String machine,
            @QueryParam("after") @DefaultValue("0") @Min(0) long after,
            @HeaderParam("Last-Event-ID") @Nullable Long lastEventId,
            @QueryParam("follow") @DefaultValue("true") boolean follow,
            @Context Sse sse) {
        long last = lastEventId == null ? after : lastEventId;
        return new SentPackets(answers.machine(machine), last).stream(follow).map(packet -> outbound(sse, packet));
    }

    private static OutboundSseEvent outbound(Sse sse, WireViews.Packet packet) {
        return sse.newEventBuilder()
                .id(Long.toString(packet.sequence()))
                .name("packet")
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(packet)
                .build();
    }
}
