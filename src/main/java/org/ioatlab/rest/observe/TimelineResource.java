package org.ioatlab.rest.observe;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.CpuViews;
import org.ioatlab.machine.ObservationCommand;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;

/** What happened when. */
@Path(Api.MACHINE + "/timeline")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Observation")
@NonBlocking
public class TimelineResource {
    private final Answers answers;

    TimelineResource(Answers answers) {
        this.answers = answers;
    }

    /** Whether spans are kept. */
    public record TimelineSetting(@NotNull Boolean enabled) {}

    /** Trace events, as Perfetto opens them. */
    public record Trace(String displayTimeUnit, List<TraceEvent> traceEvents) {}

    /**
     * A trace event.
     *
     * @param ph X for a complete event
     * @param ts beginning in microseconds
     * @param dur in microseconds
     * @param pid the machine
     * @param tid the track
     */
    public record TraceEvent(String name, String ph, double ts, double dur, int pid, int tid) {
        private static final double PS_PER_US = 1e6;

        static TraceEvent of(CpuViews.Span span) {
            return new TraceEvent(
                    span.name(),
                    "X",
                    span.startPs() / PS_PER_US,
                    (span.endPs() - span.startPs()) / PS_PER_US,
                    1,
                    span.track());
        }
    }

    @GET
    @Operation(operationId = "getTimeline", summary = "Spans of work by processor, as trace events that Perfetto opens")
    public CompletionStage<Trace> get(@PathParam("machine") String machine) {
        return answers.look(machine, faces -> faces.cpus().timeline())
                .thenApply(spans ->
                        new Trace("ns", spans.stream().map(TraceEvent::of).toList()));
    }

    @PUT
    @Operation(
            operationId = "setTimeline",
            summary = "Start or stop keeping spans; changes nothing of what the machine does")
    public CompletionStage<RestResponse<TimelineSetting>> set(
            @PathParam("machine") String machine,
            @NotNull @Valid TimelineSetting body,
            @Context HttpServerRequest request) {
        return answers.run(
                request, machine, new ObservationCommand.SetTimeline(body.enabled()), done -> RestResponse.ok(body));
    }
}
