package org.ioatlab.workload.packetdrill;

/**
 * What became of one event of a script.
 *
 * @param line where the event stands, from 1
 * @param status whether it went as the script says
 * @param expected what the script says
 * @param actual what happened, and why that isn't what the script says; empty for what wasn't reached
 * @param atNs when it happened, in nanoseconds since the script's begin; -1 if it didn't
 */
public record EventResult(int line, Status status, String expected, String actual, long atNs) {
    /** Whether an event went as its script says. */
    public enum Status {
        PASSED,
        /** It didn't, and the script ended there. */
        FAILED,
        /** It didn't, but {@code --non_fatal} lets the script go on. */
        WARNED,
        /** It wasn't reached, or means nothing here. */
        SKIPPED
    }
}
