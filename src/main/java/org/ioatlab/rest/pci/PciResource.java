package org.ioatlab.rest.pci;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
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
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.PciCommand;
import org.ioatlab.machine.PciViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The PCI bus. */
@Path(Api.MACHINE + "/pci")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "PCI")
@NonBlocking
public class PciResource {
    private final Answers answers;

    PciResource(Answers answers) {
        this.answers = answers;
    }

    /** What can be plugged in. */
    public enum DeviceType {
        /** A copy engine. */
        DMA_ENGINE
    }

    /**
     * A device to plug in.
     *
     * @param type what it is
     * @param channels of the engine, 1 to 16; four without it
     * @param cpu on which the bus is scanned
     */
    public record DeviceRequest(
            @NotNull DeviceType type,
            @Min(1) @Max(16) @Nullable Integer channels,
            @Min(0) @Nullable Integer cpu) {}

    /** A device under its id, which is its address. */
    public record DeviceResponse(String id, @JsonUnwrapped PciViews.Device device) {
        static DeviceResponse of(PciViews.Device device) {
            return new DeviceResponse(device.address(), device);
        }
    }

    @GET
    @Path("/devices")
    @Operation(
            operationId = "listDevices",
            summary = "lspci: all functions on the bus, with class, ids, base address and driver")
    public CompletionStage<Page<DeviceResponse>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.pci().devices())
                .thenApply(all -> page.cut(all.stream().map(DeviceResponse::of).toList(), DeviceResponse::id));
    }

    @GET
    @Path("/devices/{address}")
    @Operation(operationId = "getDevice", summary = "lspci -s: one function")
    public CompletionStage<DeviceResponse> get(
            @PathParam("machine") String machine, @PathParam("address") String address) {
        return answers.look(machine, faces -> DeviceResponse.of(faces.pci().device(address)));
    }

    @POST
    @Path("/enumerate")
    @Operation(
            operationId = "enumerate",
            summary = "pci_scan_bus(): functions without a driver are handed to the one that knows them")
    public CompletionStage<RestResponse<PciViews.Enumerated>> enumerate(
            @PathParam("machine") String machine, @Valid @Nullable OnCpu body, @Context HttpServerRequest request) {
        return answers.ok(request, machine, new PciCommand.Enumerate(OnCpu.of(body)));
    }

    @POST
    @Path("/devices")
    @Operation(operationId = "addDevice", summary = "Hot plug: another copy engine appears, and the bus is scanned")
    public CompletionStage<RestResponse<DeviceResponse>> add(
            @PathParam("machine") String machine,
            @NotNull @Valid DeviceRequest body,
            @Context HttpServerRequest request) {
        int channels = body.channels() == null ? 4 : body.channels();
        return answers.run(
                request,
                machine,
                new PciCommand.AddEngine(channels, OnCpu.of(body.cpu())),
                device -> Answers.created(
                        request, Api.machine(machine) + "/pci/devices/" + device.address(), DeviceResponse.of(device)));
    }

    @DELETE
    @Path("/devices/{address}")
    @Operation(operationId = "removeDevice", summary = "Surprise removal: a function is gone, whatever it was doing")
    public CompletionStage<RestResponse<Void>> remove(
            @PathParam("machine") String machine,
            @PathParam("address") String address,
            @QueryParam("cpu") @DefaultValue("0") @Min(0) int cpu,
            @Context HttpServerRequest request) {
        return answers.gone(request, machine, new PciCommand.Remove(address, cpu));
    }
}
