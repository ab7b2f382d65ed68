package org.ioatlab.workload.traffic;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.ioatlab.workload.StreamPattern;

/** SHA-256 of a stream as far as it has gone. */
final class StreamDigest {
    private static final int BATCH = 64 << 10;

    private final MessageDigest sha256;
    private long hashed;

    StreamDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Takes the next bytes. */
    void add(byte[] bytes, int offset, int length) {
        sha256.update(bytes, offset, length);
        hashed += length;
    }

    /** Takes the bytes of {@code pattern} up to {@code end}, if they are many. */
    void addUpTo(StreamPattern pattern, long end, byte[] scratch) {
        while (end - hashed >= BATCH) {
            addPart(pattern, end, scratch);
        }
    }

    /** The digest up to {@code end}, which this one then is at. */
    String hexUpTo(StreamPattern pattern, long end, byte[] scratch) {
        while (hashed < end) {
            addPart(pattern, end, scratch);
        }
        return hex();
    }

    /** The digest so far, in hexadecimal digits. */
    String hex() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) sha256.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    private void addPart(StreamPattern pattern, long end, byte[] scratch) {
        int length = (int) Math.min(end - hashed, scratch.length);
        pattern.fill(hashed, scratch, 0, length);
        add(scratch, 0, length);
    }
}
