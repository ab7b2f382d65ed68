package org.ioatlab.workload.packetdrill.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an IP packet of a script carries. */
public sealed interface Transport {
    /** The AccECN flag (RFC 9768) in {@link Tcp#flags}, above the eight of RFC 9293. */
    int AE = 0x100;

    /**
     * A TCP segment.
     *
     * @param flags as in the header, {@link #AE} included
     * @param sequence where its payload lies
     * @param acknowledgment the number acknowledged, or -1 when none is written
     * @param window the window as in the header, unscaled, or -1 when none is written
     * @param urgent the urgent pointer
     * @param options its options
     */
    record Tcp(int flags, SequenceRange sequence, long acknowledgment, int window, int urgent, Options options)
            implements Transport {
        /** Whether all of these flags are set. */
        public boolean has(int wanted) {
            return (flags & wanted) == wanted;
        }
    }

    /**
     * The sequence numbers of a segment.
     *
     * @param mode how {@code start} is meant
     * @param start 0 to 2^32 - 1
     * @param length payload bytes
     */
    record SequenceRange(Mode mode, long start, int length) {
        /** How a sequence number is meant. */
        public enum Mode {
            /** Counted from the initial sequence number: {@code 1:1001(1000)}. */
            RELATIVE,
            /** As on the wire: {@code 1:1001(1000)!}. */
            ABSOLUTE,
            /** Not checked: {@code ...(1000)}. */
            ANY
        }
    }

    /**
     * Options of a TCP header in their order.
     *
     * @param any whether any options will do: {@code <...>}
     * @param list the options
     */
    record Options(boolean any, List<TcpOption> list) {
        /** A header without options. */
        public static final Options NONE = new Options(false, List.of());

        /** Whatever options there are. */
        public static final Options ANY = new Options(true, List.of());

        public Options {
            list = List.copyOf(list);
        }
    }

    /**
     * A UDP datagram.
     *
     * @param length payload bytes
     */
    record Udp(int length) implements Transport {}

    /**
     * An ICMP or ICMPv6 message.
     *
     * @param type as in the header
     * @param code as in the header
     * @param typeName the type as the script writes it
     * @param codeName the code as the script writes it
     * @param mtu the next hop's MTU, or -1
     * @param id the identifier of an echo, or -1
     * @param echoed the beginning of the packet that the message is about
     */
    record Icmp(
            int type,
            int code,
            String typeName,
            @Nullable String codeName,
            long mtu,
            int id,
            @Nullable Echoed echoed) implements Transport {}

    /** The packet that an ICMP message is about. */
    sealed interface Echoed {
        /**
         * {@code [1:1001(1000)]}.
         *
         * @param sequence where the segment's payload lies
         */
        record Tcp(SequenceRange sequence) implements Echoed {}

        /**
         * {@code [udp (100)]}.
         *
         * @param length payload bytes
         */
        record Udp(int length) implements Echoed {}

        /**
         * {@code [raw (100)]}.
         *
         * @param length bytes of the ICMP message
         */
        record Raw(int length) implements Echoed {}
    }
}
