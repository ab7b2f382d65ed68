package org.ioatlab.workload.packetdrill.code;

import java.util.OptionalLong;

/** Where a code block's names come from: the figures of a connection and symbolic constants. */
public interface CodeLookup {
    /** What the name stands for, or nothing when it isn't known. */
    OptionalLong value(String name);
}
