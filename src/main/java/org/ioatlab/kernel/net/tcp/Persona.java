package org.ioatlab.kernel.net.tcp;

import org.ioatlab.time.Picoseconds;
import org.jspecify.annotations.Nullable;

/**
 * The choices in which kernels' TCPs differ, and nothing else: the algorithms are the same for all.
 *
 * @param name as a spec names it
 * @param options in which order options stand
 * @param windows how the receive window is worked out
 * @param validation what happens to doubtful RST, SYN and ACK segments
 * @param initialWindowSegments congestion window of a new connection; 0 for RFC 3390's formula
 * @param quickAcks how many segments are acknowledged at once after a start or a loss; 0 if never
 * @param delayedAckLeastPs the shortest delay of an acknowledgment
 * @param delayedAckMostPs the longest
 * @param initialTimeoutPs retransmission timeout without a measurement
 * @param leastTimeoutPs the least retransmission timeout beyond the smoothed round trip
 * @param synRetries how often a SYN is repeated
 * @param synAckRetries how often a SYN-ACK is repeated
 * @param retries how often data are repeated before the connection is given up
 * @param receiveBuffer default size of a receive buffer, bytes
 * @param largestReceiveBuffer what auto-tuning may make of it, bytes
 * @param sendBuffer default size of a send buffer, bytes
 * @param windowShare a receive buffer's share for overhead is 1 in 2 to this power ({@code tcp_adv_win_scale})
 * @param largestUnscaledWindow the largest window without scaling
 * @param initialReceiveSegments the most segments in a first window; 0 for no limit
 * @param forwardAcknowledgment whether holes below the highest selective acknowledgment count at once as lost (FACK)
 * @param probesWithData whether a window probe carries a byte
 * @param autoTuning whether the receive buffer grows with the path by default
 * @param nagleByDefault whether small segments wait for acknowledgments
 */
public record Persona(
        String name,
        OptionOrder options,
        Windows windows,
        Validation validation,
        int initialWindowSegments,
        int quickAcks,
        long delayedAckLeastPs,
        long delayedAckMostPs,
        long initialTimeoutPs,
        long leastTimeoutPs,
        int synRetries,
        int synAckRetries,
        int retries,
        int receiveBuffer,
        int largestReceiveBuffer,
        int sendBuffer,
        int windowShare,
        int largestUnscaledWindow,
        int initialReceiveSegments,
        boolean forwardAcknowledgment,
        boolean probesWithData,
        boolean autoTuning,
        boolean nagleByDefault) {

    /** In which order options stand in a header. */
    public enum OptionOrder {
        /** Maximum segment size, SACK permitted, timestamps, window scale; without timestamps two no-operations before SACK permitted. */
        LINUX,
        /** Maximum segment size, window scale, SACK permitted, timestamps; filled up with end-of-list. */
        FREEBSD
    }

    /** How a receive window follows from a buffer. */
    public enum Windows {
        /** A share of the buffer, opened slowly as segments come. */
        LINUX,
        /** All free room of the buffer, whose size is rounded up to whole segments. */
        FREEBSD
    }

    /** What becomes of segments that could be forged. */
    public enum Validation {
        /** RFC 793: a RST in the window resets, and so does a SYN. */
        IN_WINDOW,
        /** RFC 5961: a RST has to be exact, and a SYN is answered by an acknowledgment. */
        RFC_5961
    }

    private static final long MS = Picoseconds.PER_SECOND / 1000;
    private static final long SECOND = Picoseconds.PER_SECOND;

    /** Linux 2.6.12: what the paper's kernel was built on. */
    public static final Persona LINUX_2_6_12 = new Persona(
            "linux-2.6.12",
            OptionOrder.LINUX,
            Windows.LINUX,
            Validation.IN_WINDOW,
            0,
            16,
            40 * MS,
            200 * MS,
            3 * SECOND,
            200 * MS,
            5,
            5,
            15,
            87_380,
            174_760,
            16_384,
            2,
            32_767,
            4,
            true,
            false,
            false,
            true);

    /** Linux of the 5.x line. */
    public static final Persona LINUX_MODERN = new Persona(
            "linux-modern",
            OptionOrder.LINUX,
            Windows.LINUX,
            Validation.RFC_5961,
            10,
            16,
            40 * MS,
            200 * MS,
            SECOND,
            200 * MS,
            6,
            5,
            15,
            131_072,
            6_291_456,
            16_384,
            1,
            65_535,
            0,
            false,
            false,
            true,
            true);

    /** FreeBSD 13. */
    public static final Persona FREEBSD = new Persona(
            "freebsd",
            OptionOrder.FREEBSD,
            Windows.FREEBSD,
            Validation.RFC_5961,
            10,
            0,
            40 * MS,
            40 * MS,
            SECOND,
            230 * MS,
            12,
            3,
            12,
            65_536,
            2_097_152,
            32_768,
            0,
            65_535,
            0,
            false,
            true,
            true,
            true);

    /** The persona of that name, or null. */
    public static @Nullable Persona named(String name) {
        for (Persona persona : new Persona[] {LINUX_2_6_12, LINUX_MODERN, FREEBSD}) {
            if (persona.name.equals(name)) {
                return persona;
            }
        }
        return null;
    }

    boolean isStrict() {
        return validation == Validation.RFC_5961;
    }

    /** Whether a SYN with a FIN opens nothing. */
    boolean ignoresSynFin() {
        return isStrict() && !isFreeBsd();
    }

    boolean isFreeBsd() {
        return windows == Windows.FREEBSD;
    }

    /** What of {@code space} bytes of buffer a window may promise ({@code tcp_win_from_space}). */
    int windowFrom(int space) {
        return windowShare == 0 ? space : space - (space >> windowShare);
    }

    /** The congestion window that a connection begins with (RFC 3390, RFC 6928), segments. */
    int initialWindow(int segmentBytes) {
        if (initialWindowSegments > 0) {
            return initialWindowSegments;
        }
        return segmentBytes > 1460 ? 2 : segmentBytes > 1095 ? 3 : 4;
    }
}
