package org.ioatlab.rest.operations;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.ioatlab.lab.MachineHandle;
import org.jspecify.annotations.Nullable;

/** Lets conditional changes of one machine happen one after the other, so that what a condition saw still holds when the change is made. */
final class Turns {
    private final ConcurrentHashMap<MachineHandle, CompletableFuture<?>> last = new ConcurrentHashMap<>();

    <R> CompletionStage<R> take(MachineHandle machine, Supplier<CompletionStage<R>> change) {
        CompletableFuture<R> mine = new CompletableFuture<>();
        CompletableFuture<?> before = last.put(machine, mine);
        if (before == null) {
            begin(machine, mine, change);
        } else {
            var _ = before.whenComplete((done, failure) -> begin(machine, mine, change));
        }
        return mine;
    }

    private <R> void begin(MachineHandle machine, CompletableFuture<R> mine, Supplier<CompletionStage<R>> change) {
        try {
            change.get().whenComplete((result, failure) -> end(machine, mine, result, failure));
        } catch (RuntimeException e) {
            end(machine, mine, null, e);
        }
    }

    private <R> void end(
            MachineHandle machine, CompletableFuture<R> mine, @Nullable R result, @Nullable Throwable failure) {
        last.remove(machine, mine);
        if (failure == null) {
            mine.complete(result);
        } else {
            mine.completeExceptionally(failure);
        }
    }
}
