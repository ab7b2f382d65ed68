package org.ioatlab.rest.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.lab.Cancellation;
import org.ioatlab.lab.Fleet;
import org.ioatlab.lab.ForkRequest;
import org.ioatlab.lab.JournalFile;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.machines.ClockPatch;
import org.ioatlab.rest.machines.MachineBinder;
import org.ioatlab.rest.machines.MachineHead;
import org.ioatlab.rest.machines.MachineResponse;
import org.ioatlab.rest.machines.MachinesResource;
import org.ioatlab.rest.memory.Contents;
import org.ioatlab.rest.operations.Answers;
import org.ioatlab.rest.operations.Work;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** A machine's history. */
@Path(Api.MACHINES)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Journal")
@NonBlocking
public class JournalResource {
    /** Lines of JSON. */
    public static final String NDJSON = "application/x-ndjson";

    private final Fleet fleet;
    private final Answers answers;
    private final MachineBinder binder;
    private final JournalWriter writer;
    private final JournalReader reader;

    JournalResource(Fleet fleet, Answers answers, MachineBinder binder, JournalWriter writer, JournalReader reader) {
        this.fleet = fleet;
        this.answers = answers;
        this.binder = binder;
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * What a fork is to be.
     *
     * @param atSequence the last journal entry that it shares with the original; all without it
     * @param changes of the spec, merged into the original's; the shared entries are then simulated anew
     * @param name becomes its id
     * @param clock how its clock moves; as the original's without it
     */
    public record ForkBody(
            @Min(0) @Nullable Long atSequence,

            @Schema(implementation = MachineSpec.class) @Nullable
            ObjectNode changes,

            @Pattern(regexp = MachineHead.NAME, message = MachineHead.NAME_MESSAGE) @Nullable
            String name,

            @Valid @Nullable ClockPatch clock) {
        static final ForkBody PLAIN = new ForkBody(null, null, null, null);
    }

    @GET
    @Path("/{machine}/journal")
    @Produces(NDJSON)
    @Operation(
            operationId = "getJournal",
            summary = "All that was done to a machine, each command with its instant, as lines of JSON")
    public CompletionStage<RestResponse<String>> journal(@PathParam("machine") String machine) {
        return answers.machine(machine).journal().thenApply(file -> RestResponse.ok(writer.text(file)));
    }

    @POST
    @Path("/import")
    @Consumes({NDJSON, "application/jsonl", MediaType.TEXT_PLAIN, MediaType.APPLICATION_OCTET_STREAM})
    @Operation(
            operationId = "importMachine",
            summary = "Assemble a machine, do again all that a journal tells, and check the digest")
    public CompletionStage<RestResponse<MachineResponse>> importMachine(
            @QueryParam("name") @Pattern(regexp = MachineHead.NAME, message = MachineHead.NAME_MESSAGE) @Nullable
                    String name,
            @RequestBody(content = @Content(mediaType = NDJSON, schema = @Schema(implementation = String.class)))
                    byte @Nullable [] body,
            @Context HttpServerRequest request) {
        JournalFile file = reader.read(Contents.required(body));
        Cancellation cancellation = new Cancellation();
        return made(request, "import", fleet.importJournal(file, name, cancellation), cancellation);
    }

    @POST
    @Path("/{machine}/fork")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "forkMachine",
            summary = "Assemble another machine with the first part of this one's history, on other hardware if wanted")
    public CompletionStage<RestResponse<MachineResponse>> fork(
            @PathParam("machine") String machine, @Valid @Nullable ForkBody body, @Context HttpServerRequest request) {
        MachineHandle original = answers.machine(machine);
        ForkBody wanted = Objects.requireNonNullElse(body, ForkBody.PLAIN);
        MachineSpec spec = wanted.changes() == null
                ? null
                : binder.changed(original.creation().spec(), wanted.changes());
        ForkRequest fork = new ForkRequest(
                wanted.atSequence(),
                spec,
                wanted.name(),
                wanted.clock() == null
                        ? null
                        : wanted.clock().over(original.creation().clock()));
        Cancellation cancellation = new Cancellation();
        return made(request, "fork", fleet.fork(machine, fork, cancellation), cancellation);
    }

    private CompletionStage<RestResponse<MachineResponse>> made(
            HttpServerRequest request, String summary, CompletionStage<MachineHandle> made, Cancellation cancellation) {
        CompletionStage<RestResponse<MachineResponse>> answer = made.thenCompose(MachinesResource::view)
                .thenApply(machine -> Answers.created(request, Api.machine(machine.id()), machine));
        return answers.await(request, new Work<>(summary, null, answer, cancellation));
    }
}
