package org.ioatlab.rest.dma;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.DmaViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.json.RegisterValue;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The engines' registers. */
@Path(Api.MACHINE + "/dma/registers")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "DMA")
@NonBlocking
public class RegistersResource {
    private final Answers answers;

    RegistersResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * A value to write.
     *
     * @param value its bits
     * @param cpu on which the driver's write runs
     */
    public record WriteRequest(
            @NotNull RegisterValue value, @Min(0) @Nullable Integer cpu) {}

    @GET
    @Operation(
            operationId = "listRegisters",
            summary = "All registers of all engines, decoded; a peek without side effects")
    public CompletionStage<Page<DmaViews.Registers>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.dma().registers())
                .thenApply(all -> page.cut(all, DmaViews.Registers::device));
    }

    @POST
    @Path("/{register}/read")
    @Operation(
            operationId = "readRegister",
            summary = "readl() by the driver: costs its processor time, side effects included")
    public CompletionStage<RestResponse<DmaViews.Register>> read(
            @PathParam("machine") String machine,
            @PathParam("register") String register,
            @Valid @Nullable OnCpu body,
            @Context HttpServerRequest request) {
        return answers.ok(request, machine, new DmaCommand.ReadRegister(register, OnCpu.of(body)));
    }

    @POST
    @Path("/{register}/write")
    @Operation(
            operationId = "writeRegister",
            summary = "writel() by the driver: costs its processor time, side effects included")
    public CompletionStage<RestResponse<DmaViews.Register>> write(
            @PathParam("machine") String machine,
            @PathParam("register") String register,
            @NotNull @Valid WriteRequest body,
            @Context HttpServerRequest request) {
        return answers.ok(
                request,
                machine,
                new DmaCommand.WriteRegister(register, body.value().bits(), OnCpu.of(body.cpu())));
    }
}
