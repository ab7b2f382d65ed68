package org.ioatlab.rest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.ioatlab.lab.LabLimits;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Stands before everything else: bodies that say that they are too large are turned away, those that mean nothing are overlooked. */
@ApplicationScoped
public class BodyGate {
    private static final int FIRST = 1000;

    private final LabLimits limits;
    private final ObjectMapper mapper;

    BodyGate(LabLimits limits, ObjectMapper mapper) {
        this.limits = limits;
        this.mapper = mapper;
    }

    void register(@Observes Filters filters) {
        filters.register(this::admit, FIRST);
    }

    private void admit(RoutingContext context) {
        HttpServerRequest request = context.request();
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (!takesBody(request.method()) || hasNoBody(request, length)) {
            request.headers().remove(HttpHeaders.CONTENT_TYPE);
        }
        if (length != null && isTooLong(length)) {
            refuse(context);
        } else {
            context.next();
        }
    }

    /** Whether a body means anything (RFC 9110, 9.3); that of other requests is ignored, and so is its type, which many clients send without one. */
    static boolean takesBody(HttpMethod method) {
        return method == HttpMethod.POST || method == HttpMethod.PUT || method == HttpMethod.PATCH;
    }

    /** Nothing has no type, whatever a client's library says. */
    private static boolean hasNoBody(HttpServerRequest request, @Nullable String length) {
        return length == null
                ? !request.headers().contains(HttpHeaders.TRANSFER_ENCODING) && request.isEnded()
                : length.equals("0");
    }

    private boolean isTooLong(String length) {
        return length.length() > 10 || Long.parseLong(length) > limits.bodyBytes();
    }

    private void refuse(RoutingContext context) {
        HttpProblem problem = tooLarge(limits.bodyBytes());
        context.response()
                .setStatusCode(413)
                .putHeader(HttpHeaders.CONTENT_TYPE, HttpProblem.MEDIA_TYPE.toString())
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(json(problem));
    }

    /** The refusal of a body that is larger than the limit. */
    static HttpProblem tooLarge(int limitBytes) {
        return Problems.builder(413, "body-too-large", "A body has at most " + limitBytes + " bytes here.")
                .with("limitBytes", limitBytes)
                .build();
    }

    private Buffer json(HttpProblem problem) {
        try {
            return Buffer.buffer(mapper.writeValueAsBytes(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
