package org.ioatlab.wire;

/** The option list behind a TCP header (RFC 9293, 3.2; RFC 7323; RFC 2018). Never reads past the given end. */
public final class TcpOptions {
    public static final int END = 0;
    public static final int NO_OPERATION = 1;
    public static final int MAXIMUM_SEGMENT_SIZE = 2;
    public static final int WINDOW_SCALE = 3;
    public static final int SACK_PERMITTED = 4;
    public static final int SACK = 5;
    public static final int TIMESTAMPS = 8;

    /** What {@link #find} answers when the option is absent. */
    public static final int ABSENT = -1;

    private TcpOptions() {}

    /**
     * Finds an option.
     *
     * @param start where the option list begins
     * @param end where the TCP header ends
     * @param kind the kind looked for, not {@link #END} or {@link #NO_OPERATION}
     * @return where the option's kind byte stands, or {@link #ABSENT}; its whole length lies before {@code end}
     */
    public static int find(byte[] frame, int start, int end, int kind) {
        int at = start;
        while (at < end && frame[at] != END) {
            int length = length(frame, at, end);
            if (length == 0) {
                return ABSENT;
            }
            if (frame[at] == kind) {
                return at;
            }
            at += length;
        }
        return ABSENT;
    }

    /** Length of the option at {@code at}, or 0 when it is broken or reaches past {@code end}. */
    private static int length(byte[] frame, int at, int end) {
        if (frame[at] == NO_OPERATION) {
            return 1;
        }
        int length = at + 1 < end ? BigEndian.u8(frame, at + 1) : 0;
        return length < 2 || length > end - at ? 0 : length;
    }
}
