package org.ioatlab.rest.nics;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.ioatlab.machine.MachineFaces;
import org.ioatlab.rest.http.Etag;
import org.ioatlab.rest.operations.Answers;
import org.jspecify.annotations.Nullable;

/** Checks {@code If-Match} against what a look at a machine shows. */
final class Preconditions {
    private Preconditions() {}

    /** Completes if the tag is right or none was asked for; fails with 412 otherwise. */
    static CompletionStage<Boolean> check(
            Answers answers, String machine, @Nullable String ifMatch, Function<MachineFaces, String> tag) {
        if (ifMatch == null) {
            return CompletableFuture.completedFuture(true);
        }
        return answers.look(machine, tag).thenApply(current -> {
            Etag.require(ifMatch, current);
            return true;
        });
    }
}
