package org.ioatlab.rest.observe;

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
import org.ioatlab.machine.CpuCommand;
import org.ioatlab.machine.CpuViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Functions that processors run for each other. */
@Path(Api.MACHINE + "/cpus/cross-calls")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Observation")
@NonBlocking
public class CrossCallsResource {
    private static final int USUAL_CYCLES = 1000;
    private static final int MOST_CPUS = 256;

    private final Answers answers;

    CrossCallsResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * A function for other processors to run.
     *
     * @param type {@code ASYNC_MASK} or {@code CALL_FUNCTION}
     * @param cpuMask the processors called; with {@code CALL_FUNCTION} all others, which it means without it
     * @param functionCycles what the function costs each of them; 1000 without it
     * @param cpu on which the caller runs; the first without it
     */
    public record CrossCallRequest(
            @NotNull CpuCommand.CrossCallType type,

            @Size(min = 1, max = MOST_CPUS) @Nullable List<@NotNull @Min(0) Integer> cpuMask,

            @Min(0) @Max(CpuCommand.MOST_FUNCTION_CYCLES) @Nullable
            Integer functionCycles,

            @Min(0) @Nullable Integer cpu) {}

    @POST
    @Operation(
            operationId = "callOthers",
            summary =
                    "smp_call_async_mask() or smp_call_function(): has other processors run a function; answers when all have, "
                            + "and tells how long the caller was held up")
    public CompletionStage<RestResponse<CpuViews.CrossCalled>> call(
            @PathParam("machine") String machine,
            @NotNull @Valid CrossCallRequest body,
            @Context HttpServerRequest request) {
        int cycles = body.functionCycles() == null ? USUAL_CYCLES : body.functionCycles();
        return answers.ok(
                request, machine, new CpuCommand.CallOthers(body.type(), body.cpuMask(), cycles, OnCpu.of(body.cpu())));
    }
}
