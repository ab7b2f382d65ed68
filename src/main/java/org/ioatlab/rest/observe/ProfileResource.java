package org.ioatlab.rest.observe;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.ObservationCommand;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.MediaTypes;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Where the cycles went. */
@Path(Api.MACHINE + "/profile")
@Tag(name = "Observation")
@NonBlocking
public class ProfileResource {
    private final Answers answers;

    ProfileResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    @Operation(
            operationId = "getProfile",
            summary = "opreport -l: kernel functions by samples, as JSON or as text/plain")
    public CompletionStage<RestResponse<Object>> get(
            @PathParam("machine") String machine,
            @QueryParam("cpu") @Min(0) @Nullable Integer cpu,
            @HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept) {
        boolean text = MediaTypes.prefersText(accept);
        return answers.look(machine, faces -> faces.cpus().profile(cpu))
                .thenApply(profile -> text
                        ? RestResponse.ResponseBuilder.<Object>ok(OpReport.print(profile), MediaType.TEXT_PLAIN)
                                .build()
                        : RestResponse.ok(profile));
    }

    @DELETE
    @Operation(operationId = "resetProfile", summary = "opcontrol --reset")
    public CompletionStage<RestResponse<Void>> reset(
            @PathParam("machine") String machine, @Context HttpServerRequest request) {
        return answers.gone(request, machine, new ObservationCommand.ResetProfile());
    }
}
