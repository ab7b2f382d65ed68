package org.ioatlab.workload.packetdrill.code;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a code block.
 *
 * @param printed the lines it printed
 * @param failure why it failed, or nothing when everything held
 */
public record CodeResult(List<String> printed, @Nullable String failure) {
    public CodeResult {
        printed = List.copyOf(printed);
    }

    /** Whether every assertion held. */
    public boolean passed() {
        return failure == null;
    }
}
