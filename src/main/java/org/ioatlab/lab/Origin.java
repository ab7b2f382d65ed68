package org.ioatlab.lab;

import java.util.List;

/**
 * Where a machine came from that wasn't made from a spec alone.
 *
 * @param machine the id of the machine it was forked from, or the name in the imported journal
 * @param atSequence the last entry shared
 * @param skipped commands that were left out because a changed spec refuses them, the first {@link #MOST_SKIPPED}
 * @param skippedCount how many there were
 */
public record Origin(String machine, long atSequence, List<Skipped> skipped, long skippedCount) {
    /** How many are told in full. */
    public static final int MOST_SKIPPED = 100;

    /** A command that was left out. */
    public record Skipped(long sequence, String problem, String detail) {}
}
