package org.ioatlab.rest.sockets;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.CommandForms;
import org.ioatlab.machine.ProcessCommand;
import org.ioatlab.machine.ProcessFace;
import org.ioatlab.machine.ProcessViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.machines.MachineHead;
import org.ioatlab.rest.operations.Answers;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Programs. */
@Path(Api.MACHINE + "/processes")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Processes")
@NonBlocking
public class ProcessesResource {
    /** What netperf's receiver asks for. */
    private static final int USUAL_READ_BYTES = 87_380;

    private static final int USUAL_BACKLOG = 128;
    private static final int USUAL_CONNECTIONS = 10_000;

    private final Answers answers;

    ProcessesResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * A program to start.
     *
     * @param name becomes its id; a generated one without it
     * @param program {@code SINK}, {@code SELECT_SINK}, {@code TOUCH}, {@code ECHO} or {@code COMPUTE}
     * @param port to listen on
     * @param readBytes asked for by each read; 87 380 without it
     * @param readFlags of each read; none without it
     * @param backlog connections that may wait to be accepted; 128 without it
     * @param maxConnections served at a time; 10 000 without it
     * @param cpu the only processor that it may run on; any without it
     * @param verify how streams are checked: {@code SHA256} (without it), {@code COMPARE} or {@code NONE}
     * @param duration processor time of {@code COMPUTE}; until it is killed without it
     * @param pagedOut whether a connection's buffer is paged out before each read; not without it
     */
    public record ProcessRequest(
            @Pattern(regexp = MachineHead.NAME, message = MachineHead.NAME_MESSAGE) @Nullable
            String name,

            @NotNull String program,
            @Min(1) @Max(65_535) @Nullable Integer port,

            @Min(1) @Max(ProcessFace.MOST_READ_BYTES) @Nullable
            Integer readBytes,

            @Nullable List<@NotNull String> readFlags,
            @Min(0) @Max(65_535) @Nullable Integer backlog,

            @Min(1) @Max(ProcessFace.MOST_CONNECTIONS) @Nullable
            Integer maxConnections,

            @Min(0) @Nullable Integer cpu,
            @Nullable String verify,
            @Nullable VirtualDuration duration,
            @Nullable Boolean pagedOut) {}

    @POST
    @Operation(
            operationId = "startProcess",
            summary = "fork() and exec() of a program, which listens and serves each connection by a task of its own")
    public CompletionStage<RestResponse<ProcessViews.Program>> start(
            @PathParam("machine") String machine,
            @NotNull @Valid ProcessRequest body,
            @Context HttpServerRequest request) {
        return answers.created(
                request,
                machine,
                CommandForms.startProcess(
                        body.name(),
                        body.program(),
                        body.port(),
                        body.readBytes() == null ? USUAL_READ_BYTES : body.readBytes(),
                        body.readFlags() == null ? List.of() : body.readFlags(),
                        body.backlog() == null ? USUAL_BACKLOG : body.backlog(),
                        body.maxConnections() == null ? USUAL_CONNECTIONS : body.maxConnections(),
                        body.cpu(),
                        body.verify() == null ? "SHA256" : body.verify(),
                        body.duration() == null ? null : body.duration().picoseconds(),
                        body.pagedOut()),
                process -> Api.machine(machine) + "/processes/" + process.id());
    }

    @GET
    @Operation(operationId = "listProcesses", summary = "All programs, in the order of their start")
    public CompletionStage<Page<ProcessViews.Program>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.processes().processes())
                .thenApply(all -> page.cut(all, ProcessViews.Program::id));
    }

    @GET
    @Path("/{process}")
    @Operation(
            operationId = "getProcess",
            summary = "A program: where its tasks stand, and what came over each of its connections")
    public CompletionStage<ProcessViews.Program> get(
            @PathParam("machine") String machine, @PathParam("process") String process) {
        return answers.look(machine, faces -> faces.processes().process(process));
    }

    @DELETE
    @Path("/{process}")
    @Operation(operationId = "killProcess", summary = "kill(): its tasks close their connections and end")
    public CompletionStage<RestResponse<Void>> kill(
            @PathParam("machine") String machine,
            @PathParam("process") String process,
            @QueryParam("cpu") @DefaultValue("0") @Min(0) int cpu,
            @Context HttpServerRequest request) {
        return answers.gone(request, machine, new ProcessCommand.Kill(process, cpu));
    }
}
