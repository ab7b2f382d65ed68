package org.ioatlab.workload.packetdrill;

/** One event of a script while it happens. */
interface Step {
    /** What {@link #proceed} answers when the event is over. */
    long OVER = -1;

    /**
     * Does what can be done now.
     *
     * @return {@link #OVER}, or the instant in nanoseconds since the script's begin until which only a packet or the return of a call can
     *     bring it further
     */
    long proceed();
}
