package org.ioatlab.kernel.net.tcp;

import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;

/**
 * The selective acknowledgments that this end sends (RFC 2018): the block that changed last stands first, and before it once a duplicate
 * that was received (RFC 2883).
 */
final class SackBlocks {
    private static final int MOST = Segment.LARGEST_SACK_BLOCKS;

    private final int[] lefts = new int[MOST];
    private final int[] rights = new int[MOST];
    private int blocks;
    private boolean duplicate;
    private int duplicateLeft;
    private int duplicateRight;

    /** How many blocks are to be sent, the duplicate included. */
    int count() {
        return duplicate ? blocks + 1 : blocks;
    }

    int left(int index) {
        return !duplicate ? lefts[index] : index == 0 ? duplicateLeft : lefts[index - 1];
    }

    int right(int index) {
        return !duplicate ? rights[index] : index == 0 ? duplicateRight : rights[index - 1];
    }

    boolean hasBlocks() {
        return blocks > 0;
    }

    boolean hasDuplicate() {
        return duplicate;
    }

    void setDuplicate(int left, int right) {
        duplicate = true;
        duplicateLeft = left;
        duplicateRight = right;
    }

    /** Makes the duplicate reach over another one, or begins one. */
    void extendDuplicate(int left, int right) {
        if (!duplicate) {
            setDuplicate(left, right);
        } else if (SequenceNumber.beforeOrEqual(left, duplicateRight)
                && SequenceNumber.beforeOrEqual(duplicateLeft, right)) {
            duplicateLeft = SequenceNumber.min(left, duplicateLeft);
            duplicateRight = SequenceNumber.max(right, duplicateRight);
        }
    }

    /** A duplicate is reported once. */
    void sent() {
        duplicate = false;
    }

    /** Nothing lies beyond a hole any more; a duplicate is still to be reported. */
    void clearBlocks() {
        blocks = 0;
    }

    void clear() {
        blocks = 0;
        duplicate = false;
    }

    /** Out-of-order bytes have come: their block moves to the front, joined with whatever it touches. */
    void add(int left, int right) {
        int from = left;
        int to = right;
        int kept = 0;
        for (int i = 0; i < blocks; i++) {
            if (SequenceNumber.beforeOrEqual(from, rights[i]) && SequenceNumber.beforeOrEqual(lefts[i], to)) {
                from = SequenceNumber.min(from, lefts[i]);
                to = SequenceNumber.max(to, rights[i]);
            } else {
                lefts[kept] = lefts[i];
                rights[kept++] = rights[i];
            }
        }
        blocks = Math.min(kept + 1, MOST);
        for (int i = blocks - 1; i > 0; i--) {
            lefts[i] = lefts[i - 1];
            rights[i] = rights[i - 1];
        }
        lefts[0] = from;
        rights[0] = to;
    }

    /** Everything before {@code next} has come in order. */
    void removeBefore(int next) {
        int kept = 0;
        for (int i = 0; i < blocks; i++) {
            if (SequenceNumber.before(next, lefts[i])) {
                lefts[kept] = lefts[i];
                rights[kept++] = rights[i];
            }
        }
        blocks = kept;
    }

    void hashInto(StateHash hash) {
        hash.put(blocks);
        for (int i = 0; i < count(); i++) {
            hash.put((long) left(i) << Integer.SIZE | Integer.toUnsignedLong(right(i)));
        }
    }
}
