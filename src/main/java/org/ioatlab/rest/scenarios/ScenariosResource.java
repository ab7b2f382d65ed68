package org.ioatlab.rest.scenarios;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.Scenario;
import org.ioatlab.machine.ScenarioCommand;
import org.ioatlab.machine.ScenarioViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Known bugs of copy offload, tried on a machine. */
@Path(Api.MACHINE + "/scenarios")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Scenarios")
@NonBlocking
public class ScenariosResource {
    private static final VirtualDuration USUAL_TIMEOUT = VirtualDuration.parse("30s");

    private final Answers answers;

    ScenariosResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * A bug to come upon.
     *
     * @param timeout of virtual time, how long the program's reads may take in all; 30 seconds without it
     * @param cpu that the program runs on; the first without it
     */
    public record ScenarioRequest(
            @NotNull Scenario scenario,
            @Nullable VirtualDuration timeout,
            @Min(0) @Nullable Integer cpu) {}

    @POST
    @Operation(
            operationId = "runScenario",
            summary = "Run a program that comes upon a known bug of NET_DMA if the kernel has it: fork() during a read,"
                    + " a closed window, a buffer that can't be pinned")
    public CompletionStage<RestResponse<ScenarioViews.Report>> run(
            @PathParam("machine") String machine,
            @NotNull @Valid ScenarioRequest body,
            @Context HttpServerRequest request) {
        VirtualDuration timeout = body.timeout() == null ? USUAL_TIMEOUT : body.timeout();
        return answers.ok(
                request,
                machine,
                new ScenarioCommand.Run(body.scenario(), timeout.picoseconds(), OnCpu.of(body.cpu())));
    }
}
