package org.ioatlab.wire;

/**
 * TCP sequence arithmetic modulo 2^32 (RFC 9293, 3.4): every comparison of sequence numbers is made here. The order is
 * only meaningful between numbers less than 2^31 apart.
 */
public final class SequenceNumber {
    private SequenceNumber() {}

    /** Whether {@code a} comes before {@code b}. */
    public static boolean before(int a, int b) {
        return a - b < 0;
    }

    /** Whether {@code a} comes after {@code b}. */
    public static boolean after(int a, int b) {
        return b - a < 0;
    }

    /** Whether {@code a} is {@code b} or comes before it. */
    public static boolean beforeOrEqual(int a, int b) {
        return a - b <= 0;
    }

    /** Whether {@code a} is {@code b} or comes after it. */
    public static boolean afterOrEqual(int a, int b) {
        return b - a <= 0;
    }

    /** Whether {@code sequence} lies in the window from {@code low} (included) to {@code high} (excluded). */
    public static boolean between(int sequence, int low, int high) {
        return Integer.compareUnsigned(sequence - low, high - low) < 0;
    }

    /** How far {@code to} lies behind {@code from}: negative when it comes before. */
    public static int distance(int from, int to) {
        return to - from;
    }

    /** The later of the two. */
    public static int max(int a, int b) {
        return before(a, b) ? b : a;
    }

    /** The earlier of the two. */
    public static int min(int a, int b) {
        return before(a, b) ? a : b;
    }
}
