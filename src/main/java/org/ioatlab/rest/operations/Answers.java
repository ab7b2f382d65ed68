package org.ioatlab.rest.operations;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.ioatlab.lab.Cancellation;
import org.ioatlab.lab.Fleet;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.MachineFaces;
import org.ioatlab.rest.events.MachineEvents;
import org.ioatlab.rest.http.Places;
import org.ioatlab.rest.json.CommandNames;
import org.jboss.resteasy.reactive.RestResponse;

/** Gives machines their commands, looks at them, and shapes what comes of it. */
@Singleton
public class Answers {
    private final Fleet fleet;
    private final Operations operations;
    private final MachineEvents events;

    Answers(Fleet fleet, Operations operations, MachineEvents events) {
        this.events = events;
        this.fleet = fleet;
        this.operations = operations;
    }

    /** A machine, or the refusal that there is none. */
    public MachineHandle machine(String id) {
        return fleet.find(id);
    }

    /** What a look at a machine shows. */
    public <R> CompletionStage<R> look(String machine, Function<MachineFaces, R> reader) {
        return fleet.find(machine).look(reader);
    }

    /** 200 and what a command answers. */
    public <R> CompletionStage<RestResponse<R>> ok(HttpServerRequest request, String machine, Command<R> command) {
        return run(request, machine, command, RestResponse::ok);
    }

    /** 201, the place of what was made, and what the command answers. */
    public <R> CompletionStage<RestResponse<R>> created(
            HttpServerRequest request, String machine, Command<R> command, Function<R, String> path) {
        return run(request, machine, command, result -> created(request, path.apply(result), result));
    }

    /** 204 once a command is done. */
    public <R> CompletionStage<RestResponse<Void>> gone(HttpServerRequest request, String machine, Command<R> command) {
        return run(request, machine, command, result -> RestResponse.noContent());
    }

    /** The answer made of what a command answers. */
    public <R, T> CompletionStage<RestResponse<T>> run(
            HttpServerRequest request, String machine, Command<R> command, Function<R, RestResponse<T>> answer) {
        MachineHandle handle = fleet.find(machine);
        Cancellation cancellation = new Cancellation();
        CompletionStage<RestResponse<T>> result = handle.execute(command, cancellation)
                .thenApply(returned -> {
                    events.returned(handle, command, returned);
                    return answer.apply(returned);
                });
        return operations.await(request, new Work<>(CommandNames.of(command), handle, result, cancellation));
    }

    /** The answer of work that isn't a command, or an operation. */
    public <T> CompletionStage<RestResponse<T>> await(HttpServerRequest request, Work<T> work) {
        return operations.await(request, work);
    }

    /** 201 and the place of what was made. */
    public static <T> RestResponse<T> created(HttpServerRequest request, String path, T entity) {
        return RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, entity)
                .header(HttpHeaders.LOCATION, Places.of(request, path))
                .build();
    }
}
