package org.ioatlab.machine;

/**
 * What can be done to the PCI bus.
 *
 * @param <R> what it answers
 */
public sealed interface PciCommand<R> extends Command<R> {
    /** Scans the bus: functions without a driver are handed to the one that knows them. */
    record Enumerate(int cpu) implements PciCommand<PciViews.Enumerated> {}

    /** Plugs another copy engine in and scans the bus. */
    record AddEngine(int channels, int cpu) implements PciCommand<PciViews.Device> {}

    /** Pulls a function out, whatever it is doing. */
    record Remove(String address, int cpu) implements PciCommand<Done> {}
}
