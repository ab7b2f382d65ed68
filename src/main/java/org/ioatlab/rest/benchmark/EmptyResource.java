package org.ioatlab.rest.benchmark;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.ioatlab.machine.DmaViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.dma.CopyRequest;
import org.ioatlab.rest.dma.CopyResponse;
import org.ioatlab.rest.http.Places;
import org.ioatlab.rest.json.OnCpu;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The same methods, parameters, validation and answers as submitting a copy and polling its cookie, without a machine behind them. */
@IfBuildProperty(name = "lab.benchmark", stringValue = "true")
@Path(Api.ROOT + "/empty/{machine}/dma/channels/{channel}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@NonBlocking
public class EmptyResource {
    private static final CopyResponse.Single COPY =
            new CopyResponse.Single(1, "BUF_TO_BUF", "DMA_IN_PROGRESS", "ENGINE", 1, 1400, "dma0chan0", 1_000_000);
    private static final DmaViews.Cookie COOKIE =
            new DmaViews.Cookie(1, "DMA_SUCCESS", 1, 1, null, null, null, 1_000_000);

    @POST
    @Path("/copies")
    public CompletionStage<RestResponse<CopyResponse>> submit(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @NotNull @Valid CopyRequest body,
            @Context HttpServerRequest request) {
        return CompletableFuture.completedFuture(
                RestResponse.ResponseBuilder.<CopyResponse>create(RestResponse.Status.ACCEPTED, COPY)
                        .header(HttpHeaders.LOCATION, Places.of(request, request.path() + "/1"))
                        .build());
    }

    @GET
    @Path("/cookies/{cookie}")
    public CompletionStage<DmaViews.Cookie> look(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @PathParam("cookie") String cookie) {
        return CompletableFuture.completedFuture(COOKIE);
    }

    @POST
    @Path("/cookies/{cookie}/complete")
    public CompletionStage<RestResponse<DmaViews.Cookie>> complete(
            @PathParam("machine") String machine,
            @PathParam("channel") String channel,
            @PathParam("cookie") String cookie,
            @Valid @Nullable OnCpu body,
            @Context HttpServerRequest request) {
        return CompletableFuture.completedFuture(RestResponse.ok(COOKIE));
    }
}
