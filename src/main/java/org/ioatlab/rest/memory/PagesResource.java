package org.ioatlab.rest.memory;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.CommandForms;
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

/** Page frames. */
@Path(Api.MACHINE + "/memory/pages")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Memory")
@NonBlocking
public class PagesResource {
    private static final int MOST_PAGES = 65_536;

    private final Answers answers;

    PagesResource(Answers answers) {
        this.answers = answers;
    }

    /** Where a page lies. */
    public enum PageZone {
        /** Below the limit of the kernel's own map: the page has a kernel address. */
        LOW,
        /** Above it: only page copies reach the page. */
        HIGH
    }

    /**
     * Pages to allocate.
     *
     * @param count 1 to 65 536; one without it
     * @param zone LOW without it
     * @param fill a pattern for their bytes; ZERO without it
     * @param base64 the bytes of each, the rest zero
     * @param cpu on which the call runs
     */
    public record PagesRequest(
            @Min(1) @Max(MOST_PAGES) @Nullable Integer count,
            @Nullable PageZone zone,
            Content.@Nullable Fill fill,
            byte @Nullable [] base64,
            @Min(0) @Nullable Integer cpu) {
        static final PagesRequest ONE = new PagesRequest(null, null, null, null, null);

        MemoryCommand.AllocatePages command() {
            return CommandForms.allocatePages(
                    count == null ? 1 : count,
                    (zone == null ? PageZone.LOW : zone).name(),
                    ContentFields.of(fill, base64),
                    cpu == null ? 0 : cpu);
        }
    }

    /**
     * Allocated pages.
     *
     * @param id the first one's name
     */
    public record PagesResponse(String id, List<MemoryViews.Page> pages) {}

    @POST
    @Operation(
            operationId = "allocatePages",
            summary = "alloc_page(), as often as pages are wanted; none is taken when not all can be")
    public CompletionStage<RestResponse<PagesResponse>> allocate(
            @PathParam("machine") String machine,
            @Nullable @Valid PagesRequest body,
            @Context HttpServerRequest request) {
        PagesRequest wanted = Objects.requireNonNullElse(body, PagesRequest.ONE);
        return answers.run(request, machine, wanted.command(), made -> {
            String first = made.pages().getFirst().page();
            return Answers.created(request, path(machine, first), new PagesResponse(first, made.pages()));
        });
    }

    @GET
    @Operation(operationId = "listPages", summary = "All pages that clients hold, by frame number")
    public CompletionStage<Page<MemoryViews.Page>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.memory().pages())
                .thenApply(all -> page.cut(all, MemoryViews.Page::page));
    }

    @GET
    @Path("/{page}")
    @Operation(
            operationId = "getPage",
            summary = "A page: its zone, its pins, whether a device wrote it, and a hash of its bytes")
    public CompletionStage<MemoryViews.Page> get(@PathParam("machine") String machine, @PathParam("page") String page) {
        return answers.look(machine, faces -> faces.memory().page(page));
    }

    @GET
    @Path("/{page}/content")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(operationId = "readPage", summary = "The bytes of a page as they lie in memory, past all caches")
    public CompletionStage<Response> read(
            @PathParam("machine") String machine,
            @PathParam("page") String page,
            @HeaderParam("Range") @Nullable String range) {
        return answers.look(machine, faces -> faces.memory().readPage(page, 0, -1))
                .thenApply(bytes -> Contents.answer(bytes, range));
    }

    @PUT
    @Path("/{page}/content")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(
            operationId = "writePage",
            summary = "Put bytes into a page by the laboratory's own hand: no CPU spends time")
    public CompletionStage<RestResponse<MemoryViews.Page>> write(
            @PathParam("machine") String machine,
            @PathParam("page") String page,
            @QueryParam("offset") @Min(0) @Nullable Integer offset,
            @HeaderParam("Content-Range") @Nullable String contentRange,
            byte @Nullable [] body,
            @Context HttpServerRequest request) {
        byte[] bytes = Contents.required(body);
        int first = ByteRange.offset(contentRange, offset, bytes.length);
        return answers.ok(request, machine, new MemoryCommand.WritePage(page, first, bytes));
    }

    @DELETE
    @Path("/{page}")
    @Operation(operationId = "freePage", summary = "__free_page()")
    public CompletionStage<RestResponse<Void>> free(
            @PathParam("machine") String machine,
            @PathParam("page") String page,
            @QueryParam("cpu") @DefaultValue("0") @Min(0) int cpu,
            @Context HttpServerRequest request) {
        return answers.gone(request, machine, new MemoryCommand.FreePage(page, cpu));
    }

    private static String path(String machine, String page) {
        return Api.machine(machine) + "/memory/pages/" + page;
    }
}
