package org.ioatlab.rest.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Addresses of things, for {@code Location}. */
public final class Places {
    private Places() {}

    /** The address of a path, as this client reaches the service. */
    public static String of(HttpServerRequest request, String path) {
        return request.scheme() + "://" + request.authority() + path;
    }

    /** A path's segment. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
