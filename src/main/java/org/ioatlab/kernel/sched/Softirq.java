package org.ioatlab.kernel.sched;

/** The deferred work of Linux 2.6, most urgent first. */
public enum Softirq {
    HI,
    TIMER,
    NET_TX,
    NET_RX,
    SCSI,
    TASKLET;

    /** What a kind of deferred work does. */
    public interface Action {
        /**
         * Runs one item (at most one packet's work) on {@code on}, charging its cycles.
         *
         * @return whether more is to be done
         */
        boolean runItem(Processor on);
    }
}
