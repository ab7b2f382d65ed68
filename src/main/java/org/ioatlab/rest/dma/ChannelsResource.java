package org.ioatlab.rest.dma;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
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
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Channels. */
@Path(Api.MACHINE + "/dma/channels")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "DMA")
@NonBlocking
public class ChannelsResource {
    private final Answers answers;

    ChannelsResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Operation(
            operationId = "listChannels",
            summary = "All channels, in the order in which the subsystem hands them out")
    public CompletionStage<Page<DmaViews.Channel>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.dma().channels())
                .thenApply(all -> page.cut(all, DmaViews.Channel::id));
    }

    @GET
    @Path("/{channel}")
    @Operation(
            operationId = "getChannel",
            summary = "A channel: CHANSTS, CHANERR, its cookies, and the driver's counters in sysfs")
    public CompletionStage<DmaViews.Channel> get(
            @PathParam("machine") String machine, @PathParam("channel") String channel) {
        return answers.look(machine, faces -> faces.dma().channel(channel));
    }

    @POST
    @Path("/{channel}/issue-pending")
    @Operation(
            operationId = "issuePending",
            summary = "dma_memcpy_issue_pending(): APPEND, for descriptors that the engine hasn't been told of")
    public CompletionStage<RestResponse<DmaViews.Channel>> issuePending(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @Valid @Nullable OnCpu body,
            @Context HttpServerRequest request) {
        return answers.ok(request, machine, new DmaCommand.IssuePending(channel, OnCpu.of(body)));
    }

    @POST
    @Path("/{channel}/suspend")
    @Operation(
            operationId = "suspendChannel",
            summary = "Write SUSPEND to CHANCMD: the channel stops after its present descriptor")
    public CompletionStage<RestResponse<DmaViews.Channel>> suspend(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @Valid @Nullable OnCpu body,
            @Context HttpServerRequest request) {
        return control(request, machine, channel, DmaCommand.Control.SUSPEND, body);
    }

    @POST
    @Path("/{channel}/resume")
    @Operation(operationId = "resumeChannel", summary = "Write RESUME to CHANCMD: the channel goes on with its chain")
    public CompletionStage<RestResponse<DmaViews.Channel>> resume(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @Valid @Nullable OnCpu body,
            @Context HttpServerRequest request) {
        return control(request, machine, channel, DmaCommand.Control.RESUME, body);
    }

    @POST
    @Path("/{channel}/abort")
    @Operation(
            operationId = "abortChannel",
            summary = "Write ABORT to CHANCMD: the channel stops where it is and halts")
    public CompletionStage<RestResponse<DmaViews.Channel>> abort(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @Valid @Nullable OnCpu body,
            @Context HttpServerRequest request) {
        return control(request, machine, channel, DmaCommand.Control.ABORT, body);
    }

    @POST
    @Path("/{channel}/reset")
    @Operation(
            operationId = "resetChannel",
            summary = "Write RESET to CHANCMD and set the channel up again: errors are cleared")
    public CompletionStage<RestResponse<DmaViews.Channel>> reset(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @Valid @Nullable OnCpu body,
            @Context HttpServerRequest request) {
        return control(request, machine, channel, DmaCommand.Control.RESET, body);
    }

    private CompletionStage<RestResponse<DmaViews.Channel>> control(
            HttpServerRequest request,
            String machine,
            String channel,
            DmaCommand.Control control,
            @Nullable OnCpu body) {
        return answers.ok(request, machine, new DmaCommand.ControlChannel(channel, control, OnCpu.of(body)));
    }
}
