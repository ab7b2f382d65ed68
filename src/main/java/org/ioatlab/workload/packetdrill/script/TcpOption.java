package org.ioatlab.workload.packetdrill.script;

import java.util.List;

/** An option of a TCP header (RFC 9293, 3.2) as scripts write it. */
public sealed interface TcpOption {
    /** Length on the wire in bytes. */
    int length();

    /** {@code nop}. */
    record Nop() implements TcpOption {
        @Override
        public int length() {
            return 1;
        }
    }

    /** {@code eol}. */
    record Eol() implements TcpOption {
        @Override
        public int length() {
            return 1;
        }
    }

    /**
     * {@code mss 1460}.
     *
     * @param bytes largest segment's payload
     */
    record Mss(int bytes) implements TcpOption {
        @Override
        public int length() {
            return 4;
        }
    }

    /**
     * {@code wscale 7} (RFC 7323, 2).
     *
     * @param shift 0 to 255
     */
    record WindowScale(int shift) implements TcpOption {
        @Override
        public int length() {
            return 3;
        }
    }

    /** {@code sackOK} (RFC 2018, 2). */
    record SackPermitted() implements TcpOption {
        @Override
        public int length() {
            return 2;
        }
    }

    /**
     * {@code sack 1:1001 2001:3001} (RFC 2018, 3).
     *
     * @param blocks in their order
     */
    record Sack(List<Block> blocks) implements TcpOption {
        public Sack {
            blocks = List.copyOf(blocks);
        }

        @Override
        public int length() {
            return 2 + 8 * blocks.size();
        }
    }

    /**
     * What was received: from {@code left} to before {@code right}, relative.
     *
     * @param left 0 to 2^32 - 1
     * @param right 0 to 2^32 - 1
     */
    record Block(long left, long right) {}

    /**
     * {@code TS val 100 ecr 200} (RFC 7323, 3).
     *
     * @param value 0 to 2^32 - 1
     * @param anyValue whether any value will do: {@code val ...}
     * @param echo 0 to 2^32 - 1
     * @param absoluteEcho whether the echo is meant as on the wire: {@code ecr 200!}
     */
    record Timestamps(long value, boolean anyValue, long echo, boolean absoluteEcho) implements TcpOption {
        @Override
        public int length() {
            return 10;
        }
    }

    /**
     * {@code md5 0a0b…} (RFC 2385).
     *
     * @param digest hexadecimal digits, two a byte
     */
    record Md5(String digest) implements TcpOption {
        @Override
        public int length() {
            return 18;
        }
    }

    /**
     * {@code FO 0a0b…} (RFC 7413), {@code FOEXP 0a0b…} for the experimental kind.
     *
     * @param cookie hexadecimal digits, two a byte; empty for a request
     * @param experimental whether it is of kind 254 with magic bytes
     */
    record FastOpen(String cookie, boolean experimental) implements TcpOption {
        @Override
        public int length() {
            return (experimental ? 4 : 2) + cookie.length() / 2;
        }
    }

    /**
     * {@code unknown 253 0a0b}: any other kind.
     *
     * @param kind 0 to 255
     * @param data hexadecimal digits of what follows the length byte, two a byte
     */
    record Unknown(int kind, String data) implements TcpOption {
        @Override
        public int length() {
            return 2 + data.length() / 2;
        }
    }
}
