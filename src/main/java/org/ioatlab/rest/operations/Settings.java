package org.ioatlab.rest.operations;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.MachineFaces;
import org.ioatlab.rest.http.Etag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Changes settings under the condition that they are as the client saw them. */
@Singleton
public class Settings {
    private final Answers answers;
    private final Turns turns = new Turns();

    Settings(Answers answers) {
        this.answers = answers;
    }

    /**
     * Gives a command if {@code ifMatch} allows, and answers with the new tag.
     *
     * @param current the tag of what is there
     * @param tag the tag of what is there afterwards
     */
    public <R> CompletionStage<RestResponse<R>> change(
            HttpServerRequest request,
            String machine,
            @Nullable String ifMatch,
            Command<R> command,
            Function<MachineFaces, String> current,
            Function<R, String> tag) {
        MachineHandle handle = answers.machine(machine);
        return turns.take(handle, () -> changeNow(request, handle, ifMatch, command, current, tag));
    }

    private <R> CompletionStage<RestResponse<R>> changeNow(
            HttpServerRequest request,
            MachineHandle machine,
            @Nullable String ifMatch,
            Command<R> command,
            Function<MachineFaces, String> current,
            Function<R, String> tag) {
        if (ifMatch == null) {
            return execute(request, machine, command, tag);
        }
        return machine.look(current).thenCompose(seen -> {
            Etag.require(ifMatch, seen);
            return execute(request, machine, command, tag);
        });
    }

    private <R> CompletionStage<RestResponse<R>> execute(
            HttpServerRequest request, MachineHandle machine, Command<R> command, Function<R, String> tag) {
        return answers.run(request, machine.id(), command, result -> Etag.tagged(result, tag.apply(result), null));
    }
}
