package org.ioatlab.rest.memory;

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
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.Content;
import org.ioatlab.machine.MemoryCommand;
import org.ioatlab.machine.MemoryViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.ByteRange;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Kernel buffers. */
@Path(Api.MACHINE + "/memory/buffers")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Memory")
@NonBlocking
public class BuffersResource {
    private final Answers answers;

    BuffersResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * A buffer to allocate.
     *
     * @param size 1 to 4 MiB
     * @param fill a pattern for its bytes; ZERO without it
     * @param base64 the bytes themselves, the rest zero
     * @param cpu on which the call runs
     */
    public record BufferRequest(
            @NotNull @Min(1) @Max(4 << 20) Integer size,
            Content.@Nullable Fill fill,
            byte @Nullable [] base64,
            @Min(0) @Nullable Integer cpu) {
        MemoryCommand.AllocateBuffer command() {
            return new MemoryCommand.AllocateBuffer(size, ContentFields.of(fill, base64), cpu == null ? 0 : cpu);
        }
    }

    @POST
    @Operation(
            operationId = "allocateBuffer",
            summary = "kmalloc(); beyond 128 KiB __get_free_pages(): a buffer in low memory")
    public CompletionStage<RestResponse<MemoryViews.Buffer>> allocate(
            @PathParam("machine") String machine,
            @NotNull @Valid BufferRequest body,
            @Context HttpServerRequest request) {
        return answers.created(request, machine, body.command(), made -> path(machine, made.id()));
    }

    @GET
    @Operation(operationId = "listBuffers", summary = "All buffers that clients hold, oldest first")
    public CompletionStage<Page<MemoryViews.Buffer>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.memory().buffers())
                .thenApply(all -> page.cut(all, MemoryViews.Buffer::id));
    }

    @GET
    @Path("/{buffer}")
    @Operation(operationId = "getBuffer", summary = "A buffer: its kernel address, and a hash of what lies there")
    public CompletionStage<MemoryViews.Buffer> get(
            @PathParam("machine") String machine, @PathParam("buffer") String buffer) {
        return answers.look(machine, faces -> faces.memory().buffer(buffer));
    }

    @GET
    @Path("/{buffer}/content")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(operationId = "readBuffer", summary = "The bytes of a buffer as they lie in memory, past all caches")
    public CompletionStage<Response> read(
            @PathParam("machine") String machine,
            @PathParam("buffer") String buffer,
            @HeaderParam("Range") @Nullable String range) {
        return answers.look(machine, faces -> faces.memory().readBuffer(buffer, 0, -1))
                .thenApply(bytes -> Contents.answer(bytes, range));
    }

    @PUT
    @Path("/{buffer}/content")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(
            operationId = "writeBuffer",
            summary = "Put bytes into a buffer by the laboratory's own hand: no CPU spends time")
    public CompletionStage<RestResponse<MemoryViews.Buffer>> write(
            @PathParam("machine") String machine,
            @PathParam("buffer") String buffer,
            @QueryParam("offset") @Min(0) @Nullable Integer offset,
            @HeaderParam("Content-Range") @Nullable String contentRange,
            byte @Nullable [] body,
            @Context HttpServerRequest request) {
        byte[] bytes = Contents.required(body);
        int first = ByteRange.offset(contentRange, offset, bytes.length);
        return answers.ok(request, machine, new MemoryCommand.WriteBuffer(buffer, first, bytes));
    }

    @DELETE
    @Path("/{buffer}")
    @Operation(operationId = "freeBuffer", summary = "kfree()")
    public CompletionStage<RestResponse<Void>> free(
            @PathParam("machine") String machine,
            @PathParam("buffer") String buffer,
            @QueryParam("cpu") @DefaultValue("0") @Min(0) int cpu,
            @Context HttpServerRequest request) {
        return answers.gone(request, machine, new MemoryCommand.FreeBuffer(buffer, cpu));
    }

    private static String path(String machine, String buffer) {
        return Api.machine(machine) + "/memory/buffers/" + buffer;
    }
}
