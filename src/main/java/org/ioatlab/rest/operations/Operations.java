package org.ioatlab.rest.operations;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.ioatlab.lab.LabLimits;
import org.ioatlab.lab.WallClock;
import org.ioatlab.machine.Refusal;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Places;
import org.ioatlab.rest.http.Prefer;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Waits for work as long as its client does, and turns it into an operation when it takes longer. The oldest finished operations are
 * forgotten when there are too many; one that can't be kept isn't made, and its client waits to the end.
 */
@Singleton
public class Operations {
    static final String PATH = Api.ROOT + "/operations";

    private static final String PREFER = "Prefer";

    private final LabLimits limits;
    private final WallClock clock;
    private final Vertx vertx;
    private final Map<String, LongWork> operations = new LinkedHashMap<>();
    private long lastNumber;

    Operations(LabLimits limits, WallClock clock, Vertx vertx) {
        this.limits = limits;
        this.clock = clock;
        this.vertx = vertx;
    }

    /** The answer of work, or 202 and an operation. */
    public <T> CompletionStage<RestResponse<T>> await(HttpServerRequest request, Work<T> work) {
        String header = request.getHeader(PREFER);
        CompletableFuture<RestResponse<T>> answer = work.answer().toCompletableFuture();
        if (header == null && answer.isDone()) {
            return answer;
        }
        Prefer prefer = Prefer.of(header);
        if (prefer.applied() != null) {
            request.response().putHeader("Preference-Applied", prefer.applied());
        }
        if (answer.isDone() && !prefer.async()) {
            return answer;
        }
        long patience = prefer.patience(limits.operationPatience()).toMillis();
        return patience == 0 ? handOver(request, work, answer) : wait(request, work, answer, patience);
    }

    /** Keeps work as an operation although nobody waits for it; null if there is no room. */
    public @Nullable String remember(Work<?> work) {
        LongWork operation = keep(work);
        if (operation == null) {
            return null;
        }
        var _ = work.answer().toCompletableFuture().whenComplete(operation::finish);
        return operation.id();
    }

    /** All operations, oldest first. */
    synchronized List<LongWork> all() {
        return new ArrayList<>(operations.values());
    }

    /** One operation. */
    synchronized LongWork find(String id) {
        LongWork operation = operations.get(id);
        if (operation == null) {
            throw Refusal.unknown("operation", id);
        }
        return operation;
    }

    /** Forgets a finished operation. */
    synchronized void forget(LongWork operation) {
        operations.remove(operation.id());
    }

    private <T> CompletionStage<RestResponse<T>> wait(
            HttpServerRequest request, Work<T> work, CompletableFuture<RestResponse<T>> answer, long patience) {
        CompletableFuture<RestResponse<T>> first = new CompletableFuture<>();
        long timer = vertx.setTimer(
                patience,
                fired -> handOver(request, work, answer)
                        .whenComplete((response, failure) -> complete(first, response, failure)));
        var _ = answer.whenComplete((response, failure) -> {
            vertx.cancelTimer(timer);
            complete(first, response, failure);
        });
        return first;
    }

    private <T> CompletionStage<RestResponse<T>> handOver(
            HttpServerRequest request, Work<T> work, CompletableFuture<RestResponse<T>> answer) {
        LongWork operation = keep(work);
        if (operation == null) {
            return answer;
        }
        var _ = answer.whenComplete(operation::finish);
        RestResponse<OperationResponse> accepted = RestResponse.ResponseBuilder.create(
                        RestResponse.Status.ACCEPTED, operation.view(null))
                .header(HttpHeaders.LOCATION, Places.of(request, PATH + "/" + operation.id()))
                .build();
        return CompletableFuture.completedFuture(untyped(accepted));
    }

    private synchronized @Nullable LongWork keep(Work<?> work) {
        if (operations.size() >= limits.operations() && !forgetOldestFinished()) {
            return null;
        }
        LongWork operation = new LongWork("op" + ++lastNumber, work, Instant.ofEpochMilli(clock.epochMillis()));
        operations.put(operation.id(), operation);
        return operation;
    }

    private boolean forgetOldestFinished() {
        for (LongWork operation : operations.values()) {
            if (!operation.isRunning()) {
                return operations.remove(operation.id(), operation);
            }
        }
        return false;
    }

    private static <T> void complete(
            CompletableFuture<RestResponse<T>> future,
            @Nullable RestResponse<T> response,
            @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(response);
        } else {
            future.completeExceptionally(failure);
        }
    }

    /** A 202 stands in for any answer. */
    @SuppressWarnings("unchecked")
    private static <T> RestResponse<T> untyped(RestResponse<?> response) {
        return (RestResponse<T>) response;
    }
}
