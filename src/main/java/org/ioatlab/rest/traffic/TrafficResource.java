package org.ioatlab.rest.traffic;

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
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.TrafficCommand;
import org.ioatlab.machine.TrafficViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.json.Fraction;
import org.ioatlab.rest.memory.Contents;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.problem.Problems;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What remote hosts do to a machine. */
@Path(Api.MACHINE + "/traffic")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Traffic")
@NonBlocking
public class TrafficResource {
    private static final String PCAP = "application/vnd.tcpdump.pcap";
    private static final String PCAPNG = "application/x-pcapng";
    private static final List<String> TIMINGS = List.of("CAPTURED", "LINE_RATE");

    private final Answers answers;

    TrafficResource(Answers answers) {
        this.answers = answers;
    }

    @POST
    @Operation(
            operationId = "startTraffic",
            summary =
                    "netperf -t: let remote hosts connect to the machine and send streams, requests or datagrams, or listen for the machine; "
                            + "a capture file as the body has its client replayed",
            description =
                    "A host to which the machine can connect and send: `{\"type\": \"TCP_LISTEN\", \"port\": 9000}`; its `address` is in the answer. "
                            + "With `rateMbps` it reads slowly, with `bytes` it sends as well.")
    public CompletionStage<RestResponse<TrafficViews.Traffic>> start(
            @PathParam("machine") String machine,
            @NotNull @Valid TrafficRequest body,
            @Context HttpServerRequest request) {
        return answers.created(request, machine, body.command(), made -> path(machine, made.id()));
    }

    @POST
    @Consumes({PCAP, PCAPNG, MediaType.APPLICATION_OCTET_STREAM})
    @Operation(hidden = true)
    public CompletionStage<RestResponse<TrafficViews.Traffic>> replay(
            @PathParam("machine") String machine,
            @QueryParam("nic") @DefaultValue("eth0") String nic,
            @QueryParam("port") @DefaultValue("5001") @Min(1) @Max(65_535) int port,
            @QueryParam("timing") @DefaultValue("CAPTURED") String timing,
            @QueryParam("loss") @DefaultValue("0") BigDecimal loss,
            @QueryParam("reorder") @DefaultValue("0") BigDecimal reorder,
            @QueryParam("seed") @DefaultValue("1") long seed,
            byte @Nullable [] body,
            @Context HttpServerRequest request) {
        if (!TIMINGS.contains(timing)) {
            throw Problems.notAllowed("timing", timing, TIMINGS);
        }
        TrafficCommand.Replay command = new TrafficCommand.Replay(
                nic,
                Contents.required(body),
                port,
                timing.equals(TIMINGS.getFirst()),
                ppb("loss", loss),
                ppb("reorder", reorder),
                seed);
        return answers.created(request, machine, command, made -> path(machine, made.id()));
    }

    @GET
    @Operation(operationId = "listTraffic", summary = "All traffic with its figures, without its flows")
    public CompletionStage<Page<TrafficViews.Traffic>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.traffic().list())
                .thenApply(all -> page.cut(all, TrafficViews.Traffic::id));
    }

    @GET
    @Path("/{traffic}")
    @Operation(
            operationId = "getTraffic",
            summary = "Figures of some traffic: bytes, retransmissions, goodput, and the hash of each stream")
    public CompletionStage<TrafficViews.Traffic> get(
            @PathParam("machine") String machine, @PathParam("traffic") String traffic) {
        return answers.look(machine, faces -> faces.traffic().traffic(traffic));
    }

    @DELETE
    @Path("/{traffic}")
    @Operation(operationId = "stopTraffic", summary = "End traffic: its connections are reset, and it is forgotten")
    public CompletionStage<RestResponse<Void>> stop(
            @PathParam("machine") String machine,
            @PathParam("traffic") String traffic,
            @Context HttpServerRequest request) {
        return answers.gone(request, machine, new TrafficCommand.Stop(traffic));
    }

    private static int ppb(String field, BigDecimal value) {
        try {
            return Fraction.of(value).ppb();
        } catch (IllegalArgumentException e) {
            throw Problems.badValue(field, String.valueOf(e.getMessage()));
        }
    }

    private static String path(String machine, String traffic) {
        return Api.machine(machine) + "/traffic/" + traffic;
    }
}
