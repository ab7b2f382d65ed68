package org.ioatlab.kernel.net.tcp;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
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
 * @param habits what else it does, each unlike at least one other
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
        Set<Habit> habits) {

    /** @throws IllegalArgumentException never; the habits are copied */
    public Persona {
        EnumSet<Habit> own = EnumSet.noneOf(Habit.class);
        own.addAll(habits);
        habits = Collections.unmodifiableSet(own);
    }

    /** In which order options stand in a header. */
    public enum OptionOrder {
        /** Maximum segment size, SACK permitted, timestamps, window scale; without timestamps two no-operations before SACK permitted. */
        LINUX,
        /** Maximum segment size, window scale, SACK permitted, timestamps; filled up with end-of-list. */
        FREEBSD
    }

    /** How buffer, window and acknowledgments follow from each other. */
    public enum Windows {
        /** A share of the buffer, opened slowly as segments come. */
        LINUX,
        /** All free room of the buffer, whose size is rounded up to whole segments. */
        BSD
    }

    /** In which order a segment is checked, and what becomes of one that could be forged. */
    public enum Validation {
        /** RFC 793: a RST in the window resets, and so does a SYN. */
        RFC_793,
        /** RFC 5961 as Linux follows it: a RST has to be exact, and a SYN is answered by an acknowledgment. */
        RFC_5961,
        /** RFC 5961 as FreeBSD follows it: RST and SYN are looked at before all else, and what lies beyond the window is cut off. */
        BSD
    }

    /** Things that some do and others don't. */
    public enum Habit {
        /** Holes below the highest selective acknowledgment count at once as lost (FACK). */
        FORWARD_ACKNOWLEDGMENT,
        /** A window probe carries a byte. */
        PROBES_WITH_DATA,
        /** The receive buffer grows with the path unless an administrator says otherwise. */
        TUNES_BUFFERS,
        /** A small segment waits while anything is unacknowledged, not only while a small one is (RFC 896 without Minshall's rule). */
        HOLDS_EVERY_SMALL_SEGMENT,
        /** At most one doubtful segment in half a second is answered. */
        LIMITS_DOUBTFUL_ANSWERS,
        /** A SYN with a FIN opens nothing. */
        IGNORES_SYN_WITH_FIN,
        /** Any further SYN of a half-open connection is answered by the same SYN-ACK. */
        REPEATS_SYN_ACK_FOR_ANY_SYN,
        /** A half-open connection is reset by an exact RST without ACK only; another one in the window is answered (RFC 5961). */
        GUARDS_HALF_OPEN,
        /** A close with unread data resets (RFC 1122, 4.2.2.13). */
        RESETS_UNREAD,
        /** TIME-WAIT heeds no RST (RFC 1337). */
        IGNORES_RESET_IN_TIME_WAIT,
        /** {@code poll()} heeds SO_RCVLOWAT, reports POLLRDHUP, and calls a sender that was shut writable. */
        POLLS_BY_LOW_WATER
    }

    private static final long MS = Picoseconds.PER_SECOND / 1000;
    private static final long SECOND = Picoseconds.PER_SECOND;

    /** Linux 2.6.12: what the paper's kernel was built on. */
    public static final Persona LINUX_2_6_12 = new Persona(
            "linux-2.6.12",
            OptionOrder.LINUX,
            Windows.LINUX,
            Validation.RFC_793,
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
            EnumSet.of(Habit.FORWARD_ACKNOWLEDGMENT, Habit.RESETS_UNREAD));

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
            EnumSet.of(
                    Habit.TUNES_BUFFERS,
                    Habit.LIMITS_DOUBTFUL_ANSWERS,
                    Habit.IGNORES_SYN_WITH_FIN,
                    Habit.RESETS_UNREAD,
                    Habit.POLLS_BY_LOW_WATER));

    /** FreeBSD 13. */
    public static final Persona FREEBSD = new Persona(
            "freebsd",
            OptionOrder.FREEBSD,
            Windows.BSD,
            Validation.BSD,
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
            EnumSet.of(
                    Habit.PROBES_WITH_DATA,
                    Habit.TUNES_BUFFERS,
                    Habit.HOLDS_EVERY_SMALL_SEGMENT,
                    Habit.REPEATS_SYN_ACK_FOR_ANY_SYN,
                    Habit.GUARDS_HALF_OPEN,
                    Habit.IGNORES_RESET_IN_TIME_WAIT,
                    Habit.POLLS_BY_LOW_WATER));

    /** The persona of that name, or null. */
    public static @Nullable Persona named(String name) {
        for (Persona persona : new Persona[] {LINUX_2_6_12, LINUX_MODERN, FREEBSD}) {
            if (persona.name.equals(name)) {
                return persona;
            }
        }
        return null;
    }

    /** Whether it does that. */
    public boolean has(Habit habit) {
        return habits.contains(habit);
    }

    /** Whether RFC 5961 is followed. */
    boolean isStrict() {
        return validation != Validation.RFC_793;
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
