package org.ioatlab.rest.nic;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
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
import org.ioatlab.rest.operations.Settings;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** How received frames are spread over queues. */
@Path(Api.MACHINE + "/nics/{nic}/rss")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "NICs")
@NonBlocking
public class RssResource {
    private static final String HASH_FIELD = "TCP_IPV4|IPV4|TCP_IPV6_EX|IPV6_EX|IPV6|TCP_IPV6";

    private final Answers answers;
    private final Settings settings;

    RssResource(Answers answers, Settings settings) {
        this.answers = answers;
        this.settings = settings;
    }

    /**
     * Settings of the hash; what isn't given stays.
     *
     * @param key 40 bytes in hexadecimal digits
     * @param indirectionTable queues by the hash's low bits
     * @param hashFields packets whose fields are hashed
     */
    public record RssRequest(
            @Pattern(
                    regexp = "(0x)?([0-9a-fA-F]{2}:?){39}[0-9a-fA-F]{2}",
                    message = "must be 40 bytes in hexadecimal digits")
            @Nullable
            String key,

            @Size(min = 128, max = 128) @Nullable List<@NotNull @Min(0) @Max(7) Integer> indirectionTable,

            @Size(max = 6) @Nullable
            List<
                            @NotNull
                            @Pattern(
                                    regexp = HASH_FIELD,
                                    message = "must be one of TCP_IPV4, IPV4, TCP_IPV6_EX, IPV6_EX, IPV6, TCP_IPV6")
                            String>
                    hashFields) {
        NicCommand.SetRss command(String nic) {
            byte[] bytes = key == null
                    ? null
                    : HexFormat.of().parseHex(key.replace(":", "").replaceFirst("^0x", ""));
            return new NicCommand.SetRss(nic, bytes, indirectionTable, hashFields);
        }
    }

    /**
     * A flow, as the sender's packets show it.
     *
     * @param srcAddress IPv4 or IPv6
     * @param dstAddress of the same family
     * @param srcPort with dstPort; without both the hash is that of the addresses
     * @param dstPort with srcPort
     */
    public record FlowRequest(
            @NotNull String srcAddress,
            @NotNull String dstAddress,
            @Min(0) @Max(65_535) @Nullable Integer srcPort,
            @Min(0) @Max(65_535) @Nullable Integer dstPort) {}

    @GET
    @Operation(
            operationId = "getRss",
            summary = "ethtool -x: the Toeplitz key (RSSRK), the indirection table (RETA), the hash types (MRQC)")
    public CompletionStage<RestResponse<NicViews.Rss>> get(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
        return answers.look(machine, faces -> faces.nics().rss(nic))
                .thenApply(rss -> Etag.tagged(rss, Etag.of(rss), ifNoneMatch));
    }

    @PUT
    @Operation(operationId = "setRss", summary = "ethtool -X: write RSSRK, RETA and MRQC")
    public CompletionStage<RestResponse<NicViews.Rss>> set(
            @PathParam("machine") String machine,
            @PathParam("nic") String nic,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @NotNull @Valid RssRequest body,
            @Context HttpServerRequest request) {
        return settings.change(
                request,
                machine,
                ifMatch,
                body.command(nic),
                faces -> Etag.of(faces.nics().rss(nic)),
                Etag::of);
    }

    @POST
    @Path("/hash")
    @Operation(
            operationId = "hashFlow",
            summary = "What the port's Toeplitz unit computes for a flow, and the queue that it takes")
    public CompletionStage<NicViews.RssHash> hash(
            @PathParam("machine") String machine, @PathParam("nic") String nic, @NotNull @Valid FlowRequest body) {
        return answers.look(
                machine,
                faces -> faces.nics()
                        .rssHash(nic, body.srcAddress(), body.dstAddress(), body.srcPort(), body.dstPort()));
    }
}
