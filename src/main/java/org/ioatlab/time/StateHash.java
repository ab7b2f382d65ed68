package org.ioatlab.time;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A digest of a machine's whole state: every part feeds its values in a fixed order, SHA-256 makes one word of them. */
public final class StateHash {
    private static final int BUFFER_BYTES = 4096;

    private final MessageDigest sha256;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;

    public StateHash() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Feeds eight bytes. */
    public void put(long value) {
        if (used + Long.BYTES > BUFFER_BYTES) {
            flush();
        }
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            buffer[used++] = (byte) (value >>> shift);
        }
    }

    /** Feeds a truth value. */
    public void put(boolean value) {
        put(value ? 1L : 0L);
    }

    /** Feeds a text with its length. */
    public void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        put(bytes, 0, bytes.length);
    }

    /** Feeds bytes with their length. */
    public void put(byte[] bytes, int offset, int length) {
        put(length);
        flush();
        sha256.update(bytes, offset, length);
    }

    /** The digest as 64 hexadecimal digits; ends this hash. */
    public String hex() {
        flush();
        return HexFormat.of().formatHex(sha256.digest());
    }

    private void flush() {
        sha256.update(buffer, 0, used);
        used = 0;
    }
}
