package org.ioatlab.rest.memory;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import org.ioatlab.rest.http.ByteRange;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Bytes as an answer, whole or in part. */
public final class Contents {
    private Contents() {}

    /** 200 with all bytes, or 206 with those that are asked for. */
    public static Response answer(byte[] bytes, @Nullable String rangeHeader) {
        ByteRange range = ByteRange.asked(rangeHeader, bytes.length);
        if (range == null) {
            return builder(200, bytes).build();
        }
        return builder(206, Arrays.copyOfRange(bytes, range.first(), range.first() + range.length()))
                .header("Content-Range", range.contentRange(bytes.length))
                .build();
    }

    /** The bytes of a request's body. */
    public static byte[] required(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            throw Problems.badValue("body", "must have at least one byte");
        }
        return body;
    }

    private static Response.ResponseBuilder builder(int status, byte[] bytes) {
        return Response.status(status)
                .type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header("Accept-Ranges", "bytes")
                .entity(bytes);
    }
}
