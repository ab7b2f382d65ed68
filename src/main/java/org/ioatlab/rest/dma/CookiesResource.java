package org.ioatlab.rest.dma;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
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
import org.ioatlab.machine.Refusal;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Cookies: what became of submitted copies. */
@Path(Api.MACHINE + "/dma/channels/{channel}/cookies/{cookie}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "DMA")
@NonBlocking
public class CookiesResource {
    private static final VirtualDuration USUAL_TIMEOUT = VirtualDuration.parse("1s");

    private final Answers answers;

    CookiesResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * How long to sleep.
     *
     * @param timeout of virtual time; one second without it
     * @param cpu on which the call runs
     */
    public record WaitRequest(
            @Nullable VirtualDuration timeout,
            @Min(0) @Nullable Integer cpu) {}

    @GET
    @Operation(
            operationId = "getCookie",
            summary = "A look from outside at the completion word in memory: no driver, no cleanup")
    public CompletionStage<DmaViews.Cookie> get(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @PathParam("cookie") String cookie) {
        return answers.look(machine, faces -> faces.dma().cookie(channel, number(cookie)));
    }

    @POST
    @Path("/complete")
    @Operation(operationId = "completeCookie", summary = "dma_memcpy_complete(): the driver cleans up, then compares")
    public CompletionStage<RestResponse<DmaViews.Cookie>> complete(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @PathParam("cookie") String cookie,
            @Valid @Nullable OnCpu body,
            @Context HttpServerRequest request) {
        return answers.ok(request, machine, new DmaCommand.CompleteCookie(channel, number(cookie), OnCpu.of(body)));
    }

    @POST
    @Path("/wait")
    @Operation(
            operationId = "waitForCookie",
            summary = "dma_wait_for_completion(): sleeps until the copy is done, has failed, or the time is over")
    public CompletionStage<RestResponse<DmaViews.Cookie>> await(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @PathParam("cookie") String cookie,
            @Valid @Nullable WaitRequest body,
            @Context HttpServerRequest request) {
        VirtualDuration timeout = body == null || body.timeout() == null ? USUAL_TIMEOUT : body.timeout();
        int cpu = body == null ? 0 : OnCpu.of(body.cpu());
        return answers.ok(
                request, machine, new DmaCommand.WaitForCookie(channel, number(cookie), timeout.picoseconds(), cpu));
    }

    /** What isn't a number was never given out as a cookie. */
    private static int number(String cookie) {
        try {
            return Integer.parseInt(cookie);
        } catch (NumberFormatException e) {
            throw Refusal.unknown("cookie", cookie);
        }
    }
}
