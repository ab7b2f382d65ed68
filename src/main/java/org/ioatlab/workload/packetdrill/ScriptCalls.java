package org.ioatlab.workload.packetdrill;

import java.util.OptionalLong;
import org.ioatlab.workload.packetdrill.call.CallOutcome;
import org.ioatlab.workload.packetdrill.call.SocketCall;
import org.jspecify.annotations.Nullable;

/** System calls of a process of the machine under test. */
public interface ScriptCalls {
    /**
     * Begins a call now, in a thread of the process that makes no other at present.
     *
     * @return its number, to ask for it
     */
    int start(SocketCall call);

    /** What the call returned, once; null while it hasn't returned or after this was answered. */
    @Nullable
    CallOutcome outcome(int call);

    /** Whether the call has gone to sleep. */
    boolean isWaiting(int call);

    /** Gives up a call that hasn't returned: it will never be asked for again. */
    void abandon(int call);

    /** A figure of {@code TCP_INFO} of a socket by its name in the kernel, such as {@code tcpi_rtt}; nothing where there is none. */
    OptionalLong tcpInfo(int fd, String name);

    /**
     * Sets a kernel variable such as {@code net.ipv4.tcp_sack}.
     *
     * @return whether the machine has it
     */
    boolean setSystemControl(String name, String value);
}
