package org.ioatlab.rest.dma;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
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
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.DmaViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.machines.MachineHead;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Clients of the DMA subsystem. */
@Path(Api.MACHINE + "/dma/clients")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "DMA")
@NonBlocking
public class ClientsResource {
    private final Answers answers;

    ClientsResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * A client to register.
     *
     * @param name becomes its id; a generated one without it
     * @param cpu on which the call runs
     */
    public record ClientRequest(
            @Pattern(regexp = MachineHead.NAME, message = MachineHead.NAME_MESSAGE) @Nullable
            String name,

            @Min(0) @Nullable Integer cpu) {}

    /**
     * Channels to ask for.
     *
     * @param number how many the client wants altogether, 1 to 256
     * @param cpu on which the call runs
     */
    public record ChannelsRequest(
            @NotNull @Min(1) @Max(256) Integer number,
            @Min(0) @Nullable Integer cpu) {}

    @POST
    @Operation(operationId = "registerClient", summary = "dma_client_register()")
    public CompletionStage<RestResponse<DmaViews.Client>> register(
            @PathParam("machine") String machine,
            @Valid @Nullable ClientRequest body,
            @Context HttpServerRequest request) {
        String name = body == null ? null : body.name();
        int cpu = body == null ? 0 : OnCpu.of(body.cpu());
        return answers.created(
                request,
                machine,
                new DmaCommand.RegisterClient(name, cpu),
                client -> Api.machine(machine) + "/dma/clients/" + client.id());
    }

    @GET
    @Operation(
            operationId = "listClients",
            summary = "The subsystem's list of clients, in the order of their registration")
    public CompletionStage<Page<DmaViews.Client>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.dma().clients())
                .thenApply(all -> page.cut(all, DmaViews.Client::id));
    }

    @GET
    @Path("/{client}")
    @Operation(operationId = "getClient", summary = "A client: the channels that it has, and those that it waits for")
    public CompletionStage<DmaViews.Client> get(
            @PathParam("machine") String machine, @PathParam("client") String client) {
        return answers.look(machine, faces -> faces.dma().client(client));
    }

    @DELETE
    @Path("/{client}")
    @Operation(
            operationId = "unregisterClient",
            summary = "dma_client_unregister(): its channels go to those who wait before the call returns")
    public CompletionStage<RestResponse<Void>> unregister(
            @PathParam("machine") String machine,
            @PathParam("client") String client,
            @QueryParam("cpu") @DefaultValue("0") @Min(0) int cpu,
            @Context HttpServerRequest request) {
        return answers.gone(request, machine, new DmaCommand.UnregisterClient(client, cpu));
    }

    @POST
    @Path("/{client}/channel-requests")
    @Operation(
            operationId = "requestChannels",
            summary = "dma_client_chan_request(): what is free comes at once, the rest when it appears")
    public CompletionStage<RestResponse<DmaViews.ChannelRequest>> requestChannels(
            @PathParam("machine") String machine,
            @PathParam("client") String client,
            @NotNull @Valid ChannelsRequest body,
            @Context HttpServerRequest request) {
        return answers.ok(
                request, machine, new DmaCommand.RequestChannels(client, body.number(), OnCpu.of(body.cpu())));
    }

    @GET
    @Path("/{client}/events")
    @Operation(
            operationId = "listClientEvents",
            summary = "Calls of the client's event callback: channels added and removed")
    public CompletionStage<Page<DmaViews.Event>> events(
            @PathParam("machine") String machine,
            @PathParam("client") String client,
            @QueryParam("after") @DefaultValue("0") @Min(0) long after,
            @Valid @BeanParam PageQuery page) {
        long from = page.after(after);
        return answers.look(machine, faces -> faces.dma().events(client, from, page.size() + 1))
                .thenApply(events -> page.cutFetched(events, DmaViews.Event::sequence));
    }
}
