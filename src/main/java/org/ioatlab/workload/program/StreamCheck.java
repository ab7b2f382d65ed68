package org.ioatlab.workload.program;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.traffic.Verification;
import org.jspecify.annotations.Nullable;

/** Checks a received stream as it comes; the machine isn't charged for it. */
final class StreamCheck {
    private static final long NEVER = -1;

    private final @Nullable MessageDigest sha256;
    private final @Nullable StreamPattern pattern;
    private long checked;
    private long mismatchAt = NEVER;

    StreamCheck(Verification verification, @Nullable StreamPattern expected) {
        pattern = verification == Verification.COMPARE ? expected : null;
        sha256 = verification == Verification.SHA256 ? digest() : null;
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Takes the next bytes, from the beginning of {@code buffer} on. */
    void add(PhysicalMemory memory, UserBuffer buffer, int bytes) {
        int done = 0;
        while (done < bytes) {
            int piece = Math.min(bytes - done, buffer.runAt(done));
            long address = buffer.addressAt(done);
            byte[] page = memory.read((int) (address >> PhysicalMemory.PAGE_SHIFT));
            check(page, (int) address & PhysicalMemory.PAGE_SIZE - 1, piece);
            checked += piece;
            done += piece;
        }
    }

    private void check(byte[] page, int at, int length) {
        if (sha256 != null) {
            sha256.update(page, at, length);
        }
        if (pattern != null && mismatchAt == NEVER && !pattern.matches(checked, page, at, length)) {
            mismatchAt = checked + firstWrong(pattern, page, at, length);
        }
    }

    private int firstWrong(StreamPattern expected, byte[] page, int at, int length) {
        int i = 0;
        while (i < length && page[at + i] == expected.byteAt(checked + i)) {
            i++;
        }
        return i;
    }

    /** Whether bytes are compared with what was sent. */
    boolean compares() {
        return pattern != null;
    }

    /** Where the stream differs first from what was sent, or -1. */
    long mismatchAt() {
        return mismatchAt;
    }

    /** The digest so far; null if none is kept. */
    @Nullable
    String sha256() {
        if (sha256 == null) {
            return null;
        }
        try {
            return HexFormat.of().formatHex(((MessageDigest) sha256.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }
}
