package org.ioatlab.rest.observe;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.ObservationCommand;
import org.ioatlab.machine.StatisticsViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;

/** What receiving costs. */
@Path(Api.MACHINE + "/statistics")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Observation")
@NonBlocking
public class StatisticsResource {
    private final Answers answers;

    StatisticsResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Operation(
            operationId = "getStatistics",
            summary =
                    "perf stat: cycles a packet and a byte, who copied what and why, cache misses, the memory bus, since the last reset")
    public CompletionStage<StatisticsViews.Statistics> get(@PathParam("machine") String machine) {
        return answers.look(machine, faces -> faces.statistics().statistics());
    }

    @DELETE
    @Operation(
            operationId = "resetStatistics",
            summary = "Begin counting again at 0; changes nothing of what the machine does")
    public CompletionStage<RestResponse<Void>> reset(
            @PathParam("machine") String machine, @Context HttpServerRequest request) {
        return answers.gone(request, machine, new ObservationCommand.ResetStatistics());
    }
}
