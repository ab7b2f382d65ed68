package org.ioatlab.rest.nic;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.NicViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Etag;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.operations.Settings;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Network ports. */
@Path(Api.MACHINE + "/nics")
@Produces(MediaType.APPLICATION_JSON)
@Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
@Tag(name = "NICs")
@NonBlocking
public class NicsResource {
    private final Answers answers;
    private final Settings settings;

    NicsResource(Answers answers, Settings settings) {
        this.answers = answers;
        this.settings = settings;
    }

    /**
     * Settings to change; what isn't given stays.
     *
     * @param splitHeaders whether headers and payload go to separate buffers
     * @param checksumOffload whether the port verifies IP, TCP and UDP checksums and puts them in
     * @param receiveQueues 1 to 8
     * @param interruptsPerSecond at most this many; 0 for no moderation
     * @param promiscuous whether frames for others are received too
     * @param tso whether the port cuts large TCP packets into segments
     * @param linkUp whether the cable is in; the port learns of a change by an interrupt
     */
    public record NicPatch(
            @Nullable Boolean splitHeaders,
            @Nullable Boolean checksumOffload,
            @Min(1) @Max(8) @Nullable Integer receiveQueues,
            @Min(0) @Max(100_000) @Nullable Integer interruptsPerSecond,
            @Nullable Boolean promiscuous,
            @Nullable Boolean tso,
            @Nullable Boolean linkUp) {
        NicCommand.Configure command(String nic) {
            return new NicCommand.Configure(
                    nic, splitHeaders, checksumOffload, receiveQueues, interruptsPerSecond, promiscuous, tso, linkUp);
        }
    }

    @GET
    @Operation(operationId = "listNics", summary = "ip link: all ports with their addresses and settings")
    public CompletionStage<Page<NicViews.Nic>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.nics().nics()).thenApply(all -> page.cut(all, NicViews.Nic::id));
    }

    @GET
    @Path("/{nic}")
    @Operation(operationId = "getNic", summary = "ethtool -k, -c, -l: a port with its addresses and settings")
    public CompletionStage<RestResponse<NicViews.Nic>> get(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
        return answers.look(machine, faces -> faces.nics().nic(nic))
                .thenApply(view -> Etag.tagged(view, tag(view), ifNoneMatch));
    }

    @PATCH
    @Path("/{nic}")
    @Operation(
            operationId = "configureNic",
            summary = "ethtool -K, -C, -L: change offloads, moderation and queues; the port comes up again")
    public CompletionStage<RestResponse<NicViews.Nic>> configure(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @NotNull @Valid NicPatch body,
            @Context HttpServerRequest request) {
        return settings.change(
                request,
                machine,
                ifMatch,
                body.command(nic),
                faces -> tag(faces.nics().nic(nic)),
                NicsResource::tag);
    }

    @GET
    @Path("/{nic}/queues")
    @Operation(operationId = "listQueues", summary = "The receive queues: who polls each, and what it received")
    public CompletionStage<Page<NicViews.Queue>> queues(
            @PathParam("machine") String machine, @PathParam("nic") String nic, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> {
                    List<NicViews.Queue> queues = new ArrayList<>();
                    for (int i = 0; i < faces.nics().nic(nic).receiveQueues(); i++) {
                        queues.add(faces.nics().queue(nic, i, 0, 0));
                    }
                    return queues;
                })
                .thenApply(all -> page.cut(all, queue -> Integer.toString(queue.queue())));
    }

    @GET
    @Path("/{nic}/queues/{queue}")
    @Operation(
            operationId = "getQueue",
            summary = "A receive queue: head and tail of its ring, descriptors as they lie in memory, counters")
    public CompletionStage<NicViews.Queue> queue(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @PathParam("queue") int queue,
            @QueryParam("first") @DefaultValue("0") @Min(0) int first,
            @QueryParam("count") @DefaultValue("16") @Min(0) @Max(256) int count) {
        return answers.look(machine, faces -> faces.nics().queue(nic, queue, first, count));
    }

    @GET
    @Path("/{nic}/statistics")
    @Operation(operationId = "getNicStatistics", summary = "ethtool -S: the port's and its queues' counters")
    public CompletionStage<Map<String, Long>> statistics(
            @PathParam("machine") String machine, @PathParam("nic") String nic) {
        return answers.look(machine, faces -> faces.nics().statistics(nic));
    }

    /** The tag of settings only: what is on its way changes all the time. */
    private static String tag(NicViews.Nic nic) {
        return Etag.of(new NicPatch(
                nic.splitHeaders(),
                nic.checksumOffload(),
                nic.receiveQueues(),
                nic.interruptsPerSecond(),
                nic.promiscuous(),
                nic.tso(),
                nic.linkUp()));
    }
}
