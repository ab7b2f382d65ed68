package org.ioatlab.machine;

/**
 * Known bugs of copy offload, tried on a machine.
 *
 * @param <R> what it answers
 */
public sealed interface ScenarioCommand<R> extends Command<R> {
    /**
     * Runs a program that comes upon a bug if the machine's kernel has it, and a remote host at the first port that sends to it, until both
     * are gone.
     *
     * @param timeoutPs how long the program's reads may take in all
     * @param cpu the processor that the program runs on
     */
    record Run(Scenario scenario, long timeoutPs, int cpu) implements ScenarioCommand<ScenarioViews.Report> {}
}
