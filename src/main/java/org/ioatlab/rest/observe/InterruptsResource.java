package org.ioatlab.rest.observe;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.CpuCommand;
import org.ioatlab.machine.CpuViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;

/** Interrupt vectors and the processors that take them. */
@Path(Api.MACHINE + "/cpus/interrupts")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Observation")
@NonBlocking
public class InterruptsResource {
    private final Answers answers;

    InterruptsResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * Where an interrupt goes.
     *
     * @param cpu the processor that takes it from now on, until it is steered elsewhere
     */
    public record InterruptPatch(@NotNull @Min(0) Integer cpu) {}

    @GET
    @Operation(
            operationId = "listInterrupts",
            summary = "/proc/interrupts: each vector, where it is steered, and how often each processor took it")
    public CompletionStage<Page<CpuViews.Interrupt>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.cpus().interrupts())
                .thenApply(all -> page.cut(all, line -> Integer.toString(line.irq())));
    }

    @GET
    @Path("/{irq}")
    @Operation(operationId = "getInterrupt", summary = "/proc/irq/N: one interrupt vector")
    public CompletionStage<CpuViews.Interrupt> get(@PathParam("machine") String machine, @PathParam("irq") int irq) {
        return answers.look(machine, faces -> faces.cpus().interrupt(irq));
    }

    @PATCH
    @Path("/{irq}")
    @Operation(
            operationId = "steerInterrupt",
            summary = "irq_set_affinity(): steer an interrupt to a processor; resets of the device keep the choice")
    public CompletionStage<RestResponse<CpuViews.Interrupt>> steer(
            @PathParam("machine") String machine,
            @PathParam("irq") int irq,
            @NotNull @Valid InterruptPatch body,
            @Context HttpServerRequest request) {
        return answers.ok(request, machine, new CpuCommand.SetInterruptAffinity(irq, body.cpu()));
    }
}
