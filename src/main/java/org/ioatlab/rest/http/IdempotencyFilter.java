package org.ioatlab.rest.http;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ioatlab.lab.LabLimits;
import org.ioatlab.lab.WallClock;
import org.ioatlab.rest.problem.Problems;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/** Lets a repeated POST with the same {@code Idempotency-Key} have the answer of the first. */
public class IdempotencyFilter {
    private static final String CLAIMED = IdempotencyFilter.class.getName();
    private static final String REPLAYED = "Idempotency-Replayed";

    private final Idempotency answers;

    private final int limitBytes;

    IdempotencyFilter(WallClock clock, LabLimits limits) {
        limitBytes = limits.bodyBytes();
        answers = new Idempotency(clock::epochMillis);
    }

    /** Answers what was answered before; reads a body that doesn't say how long it is, up to the limit. */
    @ServerRequestFilter(readBody = true, nonBlocking = true)
    @SuppressWarnings("deprecation") // what is meant to replace it reads forms only
    public @Nullable Response before(ContainerRequestContext request, RoutingContext context) throws IOException {
        if (!BodyGate.takesBody(context.request().method())) {
            return null;
        }
        String key = request.getHeaderString(Idempotency.KEY);
        boolean keyed = key != null && request.getMethod().equals("POST");
        if (!keyed && request.getHeaderString(HttpHeaders.CONTENT_LENGTH) != null) {
            return null;
        }
        if (!keyed && !request.hasEntity()) {
            return null;
        }
        byte[] body = request.getEntityStream().readNBytes(limitBytes + 1);
        if (body.length > limitBytes) {
            throw BodyGate.tooLarge(limitBytes);
        }
        request.setEntityStream(new ByteArrayInputStream(body));
        return keyed ? claim(key, body, context) : null;
    }

    /** Keeps the answer of a request that took a key. */
    @ServerResponseFilter
    public void after(ContainerResponseContext response, RoutingContext context) {
        String key = context.get(CLAIMED);
        if (key == null) {
            return;
        }
        if (isWorthKeeping(response.getStatus())) {
            answers.finish(key, new Idempotency.Answer(response.getStatus(), headers(response), response.getEntity()));
        } else {
            answers.abandon(key);
        }
    }

    private @Nullable Response claim(String key, byte[] body, RoutingContext context) {
        if (key.isBlank() || key.length() > Idempotency.LONGEST_KEY) {
            throw Problems.badValue(Idempotency.KEY, "must have 1 to " + Idempotency.LONGEST_KEY + " characters");
        }
        return switch (answers.claim(key, fingerprint(context.request().uri(), body))) {
            case Idempotency.Fresh _ -> {
                context.put(CLAIMED, key);
                context.addEndHandler(end -> answers.abandon(key));
                yield null;
            }
            case Idempotency.InProgress _ -> throw inUse();
            case Idempotency.OtherRequest _ ->
                throw Problems.of(422, "idempotency-key-reused", "This key was used for another path or another body.");
            case Idempotency.Answered answered -> replay(answered.answer());
        };
    }

    private static HttpProblem inUse() {
        return Problems.builder(409, "idempotency-key-in-use", "The first request with this key is still being served.")
                .withHeader(HttpHeaders.RETRY_AFTER, 1)
                .build();
    }

    private static Response replay(Idempotency.Answer answer) {
        Response.ResponseBuilder response =
                Response.status(answer.status()).entity(answer.entity()).header(REPLAYED, true);
        answer.headers().forEach(response::header);
        return response.build();
    }

    /** An answer that asks to come again isn't the request's answer. */
    private static boolean isWorthKeeping(int status) {
        return status != 429 && status != 503;
    }

    private static Map<String, Object> headers(ContainerResponseContext response) {
        Map<String, Object> headers = new LinkedHashMap<>();
        response.getHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
        headers.putIfAbsent(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
        headers.remove(HttpHeaders.CONTENT_LENGTH);
        return headers;
    }

    private static String fingerprint(String uri, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return uri + " " + HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
