package org.ioatlab.rest.dma;

import com.fasterxml.jackson.annotation.JsonAlias;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.MediaTypes;
import org.ioatlab.rest.json.OnCpu;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The kernel's own test of the engine. */
@Path(Api.MACHINE + "/dma/selftest")
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "DMA")
@NonBlocking
public class SelfTestResource {
    private final Answers answers;

    SelfTestResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * dmatest's parameters, by its names.
     *
     * @param channel the only channel to test; all free ones without it
     * @param test_buf_size bytes of the buffers, 1024 to 131 072; 16 384 without it
     * @param iterations copies a thread, 1 to 1 000 000; 100 without it
     * @param timeout of one copy in milliseconds of virtual time; 3000 without it
     * @param threads_per_chan threads that share a channel, 1 to 16; 1 without it
     * @param max_channels channels to test, 0 for all
     * @param cpu on which it is started; threads go to the following ones
     */
    public record SelfTestRequest(
            @Nullable String channel,

            @Min(64) @Max(131_072) @JsonAlias("testBufSize") @Nullable
            Integer test_buf_size,

            @Min(1) @Max(1_000_000) @Nullable Integer iterations,
            @Min(1) @Max(1_000_000) @Nullable Integer timeout,

            @Min(1) @Max(16) @JsonAlias("threadsPerChan") @Nullable
            Integer threads_per_chan,

            @Min(0) @Max(128) @JsonAlias("maxChannels") @Nullable
            Integer max_channels,

            @Min(0) @Nullable Integer cpu) {
        static final SelfTestRequest USUAL = new SelfTestRequest(null, null, null, null, null, null, null);

        DmaCommand.SelfTest command() {
            return new DmaCommand.SelfTest(
                    channel,
                    Objects.requireNonNullElse(test_buf_size, 16_384),
                    Objects.requireNonNullElse(iterations, 100),
                    Objects.requireNonNullElse(timeout, 3000),
                    Objects.requireNonNullElse(threads_per_chan, 1),
                    Objects.requireNonNullElse(max_channels, 0),
                    OnCpu.of(cpu));
        }
    }

    @POST
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    @Operation(
            operationId = "runSelfTest",
            summary = "dmatest: random copies with its patterns and checks; as text/plain its summary lines only")
    public CompletionStage<RestResponse<Object>> run(
            @PathParam("machine") String machine,
            @Valid @Nullable SelfTestRequest body,
            @HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept,
            @Context HttpServerRequest request) {
        SelfTestRequest wanted = Objects.requireNonNullElse(body, SelfTestRequest.USUAL);
        boolean text = MediaTypes.prefersText(accept);
        return answers.run(
                request,
                machine,
                wanted.command(),
                result -> text
                        ? RestResponse.ResponseBuilder.<Object>ok(result.summary() + "\n", MediaType.TEXT_PLAIN)
                                .build()
                        : RestResponse.ok(result));
    }
}
