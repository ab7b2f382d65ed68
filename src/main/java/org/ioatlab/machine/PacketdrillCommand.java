package org.ioatlab.machine;

/**
 * Tests of a machine in packetdrill's language.
 *
 * @param <R> what it answers
 */
public sealed interface PacketdrillCommand<R> extends Command<R> {
    /**
     * Runs a script to its end.
     *
     * @param script its text
     * @param cpu the processor that the script's process runs on
     */
    record Run(String script, int cpu) implements PacketdrillCommand<PacketdrillViews.Report> {}
}
