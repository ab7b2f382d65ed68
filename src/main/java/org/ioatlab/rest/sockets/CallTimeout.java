package org.ioatlab.rest.sockets;

import org.ioatlab.rest.json.VirtualDuration;
import org.jspecify.annotations.Nullable;

/** How long a call that waits may take. */
final class CallTimeout {
    private static final VirtualDuration USUAL = VirtualDuration.parse("1s");

    private CallTimeout() {}

    /** Of virtual time; one second if nothing is said. */
    static long picoseconds(@Nullable VirtualDuration timeout) {
        return timeout == null ? USUAL.picoseconds() : timeout.picoseconds();
    }
}
