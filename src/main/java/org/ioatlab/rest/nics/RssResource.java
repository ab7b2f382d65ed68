package org.ioatlab.rest.nics;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.NicViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Etag;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.problem.Problems;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Receive-side scaling of one port: how flows are steered to queues. */
@Path(Api.MACHINE + "/nics/{nic}/rss")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "NICs")
@NonBlocking
public class RssResource {
    private static final int KEY_BYTES = 40;
    private static final String KEY_MESSAGE = "must be 80 hexadecimal digits";

    private final Answers answers;

    RssResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * What to change; what isn't named stays.
     *
     * @param key 80 hexadecimal digits
     * @param indirectionTable 128 queue numbers
     * @param hashFields of TCP_IPV4, IPV4, TCP_IPV6_EX, IPV6_EX, IPV6, TCP_IPV6
     */
    public record RssRequest(
            @Nullable String key,
            @Size(min = 128, max = 128) @Nullable List<@NotNull @Min(0) @Max(7) Integer> indirectionTable,
            @Nullable List<@NotNull HashFieldName> hashFields) {}

    /** What the hash may look at. */
    public enum HashFieldName {
        TCP_IPV4,
        IPV4,
        TCP_IPV6_EX,
        IPV6_EX,
        IPV6,
        TCP_IPV6
    }

    /** A flow, with both ports or none. */
    public record HashRequest(
            @NotNull String srcAddress,
            @NotNull String dstAddress,
            @Min(0) @Max(65_535) @Nullable Integer srcPort,
            @Min(0) @Max(65_535) @Nullable Integer dstPort) {}

    @GET
    @Operation(operationId = "getRss", summary = "RSSRK, RETA and the field enables of MRQC, as ethtool -x tells")
    public CompletionStage<RestResponse<NicViews.Rss>> get(
            @PathParam("machine") String machine, @PathParam("nic") String nic) {
        return answers.look(machine, faces -> faces.nics().rss(nic)).thenApply(RssResource::tagged);
    }

    @PUT
    @Operation(operationId = "putRss", summary = "Write RSSRK, RETA and MRQC, as ethtool -X does")
    public CompletionStage<RestResponse<NicViews.Rss>> put(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @NotNull @Valid RssRequest body,
            @Context HttpServerRequest request) {
        List<HashFieldName> fields = body.hashFields();
        NicCommand.SetRss command = new NicCommand.SetRss(
                nic,
                key(body.key()),
                body.indirectionTable(),
                fields == null ? null : fields.stream().map(HashFieldName::name).toList());
        return Preconditions.check(
                        answers, machine, ifMatch, faces -> Etag.of(faces.nics().rss(nic)))
                .thenCompose(ok -> answers.run(request, machine, command, RssResource::tagged));
    }

    @POST
    @Path("/hash")
    @Operation(
            operationId = "hashFlow",
            summary = "The Toeplitz hash of a flow, its entry of RETA, and the queue there")
    public CompletionStage<NicViews.RssHash> hash(
            @PathParam("machine") String machine, @PathParam("nic") String nic, @NotNull @Valid HashRequest body) {
        return answers.look(
                machine,
                faces -> faces.nics()
                        .rssHash(nic, body.srcAddress(), body.dstAddress(), body.srcPort(), body.dstPort()));
    }

    private static byte @Nullable [] key(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            byte[] key = HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
            if (key.length == KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw Problems.badValue("key", KEY_MESSAGE);
    }

    private static RestResponse<NicViews.Rss> tagged(NicViews.Rss rss) {
        return RestResponse.ResponseBuilder.ok(rss)
                .header(HttpHeaders.ETAG, Etag.of(rss))
                .build();
    }
}
