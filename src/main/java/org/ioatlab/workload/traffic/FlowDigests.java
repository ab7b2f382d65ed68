package org.ioatlab.workload.traffic;

import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of a flow's two directions, null where none is kept.
 *
 * @param sent of what the remote host has sent
 * @param received of what has come back
 */
public record FlowDigests(@Nullable String sent, @Nullable String received) {
    /** Nothing is kept. */
    public static final FlowDigests NONE = new FlowDigests(null, null);
}
