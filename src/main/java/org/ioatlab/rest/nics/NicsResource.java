package org.ioatlab.rest.nics;

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
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.NicViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Etag;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Network ports, their receive queues and their counters. */
@Path(Api.MACHINE + "/nics")
@Produces(MediaType.APPLICATION_JSON)
@Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
@Tag(name = "NICs")
@NonBlocking
public class NicsResource {
    private static final int DESCRIPTORS_SHOWN = 16;

    private final Answers answers;

    NicsResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * Settings to change; what isn't named stays.
     *
     * @param splitHeaders whether headers and payload go to separate buffers
     * @param checksumOffload whether the port verifies checksums
     * @param receiveQueues 1 to 8
     * @param interruptsPerSecond 0 for no moderation, or 100 to 100 000
     * @param promiscuous whether frames for other stations are taken
     */
    public record NicPatch(
            @Nullable Boolean splitHeaders,
            @Nullable Boolean checksumOffload,
            @Min(1) @Max(8) @Nullable Integer receiveQueues,
            @Min(0) @Max(100_000) @Nullable Integer interruptsPerSecond,
            @Nullable Boolean promiscuous) {}

    @GET
    @Operation(operationId = "listNics", summary = "The network ports, as ip link lists them")
    public CompletionStage<Page<NicViews.Nic>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.nics().nics()).thenApply(all -> page.cut(all, NicViews.Nic::id));
    }

    @GET
    @Path("/{nic}")
    @Operation(
            operationId = "getNic",
            summary = "One port: addresses and settings, as ip link and ethtool -k, -g, -c tell")
    public CompletionStage<RestResponse<NicViews.Nic>> get(
            @PathParam("machine") String machine, @PathParam("nic") String nic) {
        return answers.look(machine, faces -> faces.nics().nic(nic)).thenApply(NicsResource::tagged);
    }

    @PATCH
    @Path("/{nic}")
    @Operation(
            operationId = "patchNic",
            summary = "ethtool's settings; what needs new rings goes as e1000_down() and e1000_up() do")
    public CompletionStage<RestResponse<NicViews.Nic>> patch(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @NotNull @Valid NicPatch body,
            @Context HttpServerRequest request) {
        NicCommand.Configure command = new NicCommand.Configure(
                nic,
                body.splitHeaders(),
                body.checksumOffload(),
                body.receiveQueues(),
                body.interruptsPerSecond(),
                body.promiscuous());
        return Preconditions.check(
                        answers, machine, ifMatch, faces -> tag(faces.nics().nic(nic)))
                .thenCompose(ok -> answers.run(request, machine, command, NicsResource::tagged));
    }

    @GET
    @Path("/{nic}/statistics")
    @Operation(operationId = "getNicStatistics", summary = "The port's counters under the names of ethtool -S")
    public CompletionStage<Map<String, Long>> statistics(
            @PathParam("machine") String machine, @PathParam("nic") String nic) {
        return answers.look(machine, faces -> faces.nics().statistics(nic));
    }

    @GET
    @Path("/{nic}/queues")
    @Operation(
            operationId = "listQueues",
            summary = "The receive queues: RDH and RDT of each ring, its processor, its counters")
    public CompletionStage<Page<NicViews.Queue>> queues(
            @PathParam("machine") String machine, @PathParam("nic") String nic, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> {
                    List<NicViews.Queue> all = new ArrayList<>();
                    for (int i = 0; i < faces.nics().nic(nic).receiveQueues(); i++) {
                        all.add(faces.nics().queue(nic, i, 0, 0));
                    }
                    return all;
                })
                .thenApply(all -> page.cut(all, queue -> Integer.toString(queue.queue())));
    }

    @GET
    @Path("/{nic}/queues/{queue}")
    @Operation(
            operationId = "getQueue",
            summary = "A receive queue and a window of its descriptors as they lie in memory")
    public CompletionStage<NicViews.Queue> queue(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @PathParam("queue") @Parameter(example = "0") int queue,
            @QueryParam("first")
                    @DefaultValue("0")
                    @Min(0)
                    @Parameter(description = "the first descriptor shown", example = "0")
                    int first,
            @QueryParam("count")
                    @DefaultValue("" + DESCRIPTORS_SHOWN)
                    @Min(0)
                    @Max(256)
                    @Parameter(description = "how many are shown, 0 to 256", example = "4")
                    int count) {
        return answers.look(machine, faces -> faces.nics().queue(nic, queue, first, count));
    }

    private static RestResponse<NicViews.Nic> tagged(NicViews.Nic nic) {
        return RestResponse.ResponseBuilder.ok(nic)
                .header(HttpHeaders.ETAG, tag(nic))
                .build();
    }

    /** The tag covers settings, not what moves on the wire. */
    private static String tag(NicViews.Nic nic) {
        return Etag.of(new NicViews.Nic(
                nic.id(),
                nic.mac(),
                nic.ipv4(),
                nic.ipv6(),
                nic.pciAddress(),
                nic.linkMbps(),
                nic.mtu(),
                nic.receiveQueues(),
                nic.ringSize(),
                nic.splitHeaders(),
                nic.checksumOffload(),
                nic.tso(),
                nic.interruptsPerSecond(),
                nic.promiscuous(),
                0));
    }
}
