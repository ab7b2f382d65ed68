package org.ioatlab.rest.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import java.net.URI;
import java.util.List;
import org.ioatlab.machine.Refusal;

/** Makes problem details: each has a stable type, a title that belongs to the type, and a detail for the occurrence. */
public final class Problems {
    /** Where the descriptions of problem types lie; a type's URI is this and its name. */
    public static final String PATH = "/problems/";

    /** The type of a change that was made against something else than what is there now. */
    public static final String PRECONDITION_FAILED = "precondition-failed";

    /** What one field has wrong. */
    public record Violation(String field, String message) {}

    private static final String RETRY_AFTER = "Retry-After";

    /** The fact of a refusal that names the field at fault. */
    private static final String FIELD = "field";

    /** The fact that says what is wrong with that field; without it the whole detail does. */
    private static final String MESSAGE = "message";

    /** Limits of what one request brings: asking again later doesn't help. */
    private static final List<String> TOO_LARGE = List.of("too-many-frames", "body-too-large");

    private static final List<String> OF_VIOLATION = List.of(FIELD, MESSAGE);

    private Problems() {}

    /** A problem of a type. */
    public static HttpProblem of(int status, String type, String detail) {
        return builder(status, type, detail).build();
    }

    /** A problem of a type, to which more can be added. */
    public static HttpProblem.Builder builder(int status, String type, String detail) {
        return HttpProblem.builder()
                .withType(URI.create(PATH + type))
                .withTitle(ProblemTypes.title(type))
                .withStatus(status)
                .withDetail(detail);
    }

    /** A value that its own field doesn't allow. */
    public static HttpProblem badValue(String field, String message) {
        return violations(List.of(new Violation(field, message)));
    }

    /** A value that is none of those that its field allows. */
    public static HttpProblem notAllowed(String field, String value, List<String> allowed) {
        String message = "must be one of " + String.join(", ", allowed);
        return invalid(List.of(new Violation(field, message)), field + " " + message + ", not " + value + ".")
                .with("allowed", allowed)
                .build();
    }

    /** Values that their own fields don't allow. */
    public static HttpProblem violations(List<Violation> violations) {
        Violation first = violations.getFirst();
        String more = violations.size() == 1 ? "" : ", and " + (violations.size() - 1) + " more";
        return invalid(violations, first.field() + " " + first.message() + more + ".")
                .build();
    }

    /** What a machine or the laboratory refused. */
    public static HttpProblem of(Refusal refusal) {
        HttpProblem.Builder builder = builder(status(refusal), refusal.type(), refusal.detail());
        refusal.facts().forEach((name, value) -> {
            if (!OF_VIOLATION.contains(name)) {
                builder.with(name, value);
            }
        });
        Object field = refusal.facts().get(FIELD);
        if (field != null) {
            Object message = refusal.facts().getOrDefault(MESSAGE, refusal.detail());
            builder.with("violations", List.of(new Violation(field.toString(), message.toString())));
        }
        if (status(refusal) == 429 || status(refusal) == 503) {
            builder.withHeader(RETRY_AFTER, refusal.facts().getOrDefault("retryAfterSeconds", 1));
        }
        return builder.build();
    }

    private static HttpProblem.Builder invalid(List<Violation> violations, String detail) {
        return builder(400, "invalid-value", detail).with("violations", violations);
    }

    private static int status(Refusal refusal) {
        if (refusal.type().equals(PRECONDITION_FAILED)) {
            return 412;
        }
        if (TOO_LARGE.contains(refusal.type())) {
            return 413;
        }
        return switch (refusal.kind()) {
            case MALFORMED -> 400;
            case UNKNOWN -> 404;
            case CONFLICT -> 409;
            case GONE -> 410;
            case MEANINGLESS -> 422;
            case LIMIT -> 429;
            case OVERLOADED -> 503;
            case OUT_OF_MEMORY -> 507;
        };
    }
}
