package org.ioatlab.rest.observe;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.SysctlCommand;
import org.ioatlab.machine.SysctlFace;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Etag;
import org.ioatlab.rest.http.MediaTypes;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.operations.Settings;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Variables of the kernel. */
@Path(Api.MACHINE + "/proc/sys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Observation")
@NonBlocking
public class SysctlResource {
    private static final int LONGEST_VALUE = 100;

    private final Answers answers;
    private final Settings settings;

    SysctlResource(Answers answers, Settings settings) {
        this.answers = answers;
        this.settings = settings;
    }

    /**
     * A value to set.
     *
     * @param value its numbers, with spaces between them
     */
    public record VariableRequest(
            @NotNull @Size(max = LONGEST_VALUE) String value) {}

    @GET
    @Operation(operationId = "listVariables", summary = "sysctl -a: the variables of the kernel's TCP")
    public CompletionStage<Page<SysctlFace.Variable>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.sysctl().variables())
                .thenApply(all -> page.cut(all, SysctlFace.Variable::name));
    }

    @GET
    @Path("/{variable}")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    @Operation(
            operationId = "getVariable",
            summary = "sysctl NAME: one variable of the kernel, as JSON or, its value alone, as text/plain")
    public CompletionStage<RestResponse<Object>> get(
            @PathParam("machine") String machine,
            @PathParam("variable") String variable,
            @HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
        boolean text = MediaTypes.prefersText(accept);
        return answers.look(machine, faces -> faces.sysctl().variable(variable))
                .thenApply(found -> Etag.tagged(text ? found.value() + "\n" : found, Etag.of(found), ifNoneMatch));
    }

    @PUT
    @Path("/{variable}")
    @Operation(
            operationId = "setVariable",
            summary =
                    "sysctl -w NAME=VALUE, the value as JSON or text/plain: connections keep the options and buffers they began with")
    public CompletionStage<RestResponse<SysctlFace.Variable>> set(
            @PathParam("machine") String machine,
            @PathParam("variable") String variable,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @NotNull @Valid VariableRequest body,
            @Context HttpServerRequest request) {
        return settings.change(
                request,
                machine,
                ifMatch,
                new SysctlCommand.Set(variable, body.value()),
                faces -> Etag.of(faces.sysctl().variable(variable)),
                Etag::of);
    }

    /** As {@code echo VALUE > /proc/sys/…} writes it. */
    @PUT
    @Path("/{variable}")
    @Consumes(MediaType.TEXT_PLAIN)
    @Operation(hidden = true)
    public CompletionStage<RestResponse<SysctlFace.Variable>> write(
            @PathParam("machine") String machine,
            @PathParam("variable") String variable,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @NotNull @Size(max = LONGEST_VALUE) String body,
            @Context HttpServerRequest request) {
        return set(machine, variable, ifMatch, new VariableRequest(body), request);
    }
}
