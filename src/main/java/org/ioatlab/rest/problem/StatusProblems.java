package org.ioatlab.rest.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;

/** Problems that a status says all about. */
final class StatusProblems {
    private StatusProblems() {}

    static HttpProblem.Builder builder(int status) {
        return switch (status) {
            case 404 ->
                Problems.builder(404, "not-found", "Nothing lies at this path; /q/openapi lists what there is.");
            case 405 -> Problems.builder(405, "method-not-allowed", "This path doesn't take this method.");
            case 406 -> Problems.builder(406, "not-acceptable", "This path has no answer of an accepted media type.");
            case 413 -> Problems.builder(413, "body-too-large", "The body is larger than this service takes.");
            case 415 ->
                Problems.builder(415, "unsupported-media-type", "This path doesn't take bodies of this media type.");
            case 500 -> Problems.builder(500, "internal-error", "The service failed; its log says how.");
            default ->
                Problems.builder(
                        status, status < 500 ? "bad-request" : "internal-error", "The request can't be served.");
        };
    }
}
