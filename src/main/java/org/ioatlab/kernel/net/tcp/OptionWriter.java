package org.ioatlab.kernel.net.tcp;

import org.ioatlab.wire.TcpOptions;

/** Writes option lists in a persona's order. */
final class OptionWriter {
    /** An aligned timestamps option, bytes. */
    static final int TIMESTAMPS_LENGTH = 12;

    private static final int NOP = TcpOptions.NO_OPERATION;
    private static final int BLOCK_LENGTH = 8;
    private static final int WORD = 4;

    private OptionWriter() {}

    /** @param scale the window scale, or negative for none */
    static void handshake(
            OutgoingSegment out,
            Persona persona,
            int segmentBytes,
            boolean timestamps,
            int value,
            int echo,
            boolean sack,
            int scale) {
        out.option(TcpOptions.MAXIMUM_SEGMENT_SIZE);
        out.option(4);
        out.option16(segmentBytes);
        if (persona.options() == Persona.OptionOrder.LINUX) {
            linux(out, timestamps, value, echo, sack, scale);
        } else {
            freeBsd(out, timestamps, value, echo, sack, scale);
        }
    }

    private static void linux(OutgoingSegment out, boolean timestamps, int value, int echo, boolean sack, int scale) {
        if (sack) {
            if (!timestamps) {
                out.option16(NOP << 8 | NOP);
            }
            out.option(TcpOptions.SACK_PERMITTED);
            out.option(2);
        }
        if (timestamps) {
            if (!sack) {
                out.option16(NOP << 8 | NOP);
            }
            timestamps(out, value, echo);
        }
        if (scale >= 0) {
            out.option(NOP);
            scale(out, scale);
        }
    }

    private static void freeBsd(OutgoingSegment out, boolean timestamps, int value, int echo, boolean sack, int scale) {
        if (scale >= 0) {
            out.option(NOP);
            scale(out, scale);
        }
        if (sack) {
            out.option(TcpOptions.SACK_PERMITTED);
            out.option(2);
        }
        if (timestamps) {
            if (!sack) {
                out.option16(NOP << 8 | NOP);
            }
            timestamps(out, value, echo);
        }
        while (out.optionsLength % WORD != 0) {
            out.option(TcpOptions.END);
        }
    }

    /** What every segment of an established connection carries. */
    static void established(OutgoingSegment out, boolean timestamps, int value, int echo, SackBlocks sack) {
        if (timestamps) {
            out.option16(NOP << 8 | NOP);
            timestamps(out, value, echo);
        }
        int blocks = blocks(timestamps, sack);
        if (blocks > 0) {
            out.option16(NOP << 8 | NOP);
            out.option(TcpOptions.SACK);
            out.option(2 + BLOCK_LENGTH * blocks);
            for (int i = 0; i < blocks; i++) {
                out.option32(sack.left(i));
                out.option32(sack.right(i));
            }
        }
    }

    /** How many blocks there is room for beside timestamps. */
    private static int blocks(boolean timestamps, SackBlocks sack) {
        int others = timestamps ? TIMESTAMPS_LENGTH : 0;
        return Math.min(sack.count(), (OutgoingSegment.LARGEST_OPTIONS - others - WORD) / BLOCK_LENGTH);
    }

    /** What the blocks take of a segment that they are in, bytes. */
    static int sackLength(boolean timestamps, SackBlocks sack) {
        int blocks = blocks(timestamps, sack);
        return blocks == 0 ? 0 : WORD + BLOCK_LENGTH * blocks;
    }

    private static void timestamps(OutgoingSegment out, int value, int echo) {
        out.option(TcpOptions.TIMESTAMPS);
        out.option(10);
        out.option32(value);
        out.option32(echo);
    }

    private static void scale(OutgoingSegment out, int scale) {
        out.option(TcpOptions.WINDOW_SCALE);
        out.option(3);
        out.option(scale);
    }
}
