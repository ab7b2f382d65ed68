package org.ioatlab.kernel.pci;

import org.ioatlab.hardware.pci.PciFunction;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;

/** A driver that can run some kind of PCI function. */
public interface PciDriver {
    /** A driver at work on one function: its probe first, then the device. */
    interface Binding {
        /** The probe is over. */
        long PROBED = -1;

        /**
         * Runs one slice of the probe.
         *
         * @return how long to sleep before the next slice in picoseconds, 0 to go on at once, or {@link #PROBED}
         */
        long probe(Processor on);

        /** Whether the probe ended well and the driver keeps the function. */
        boolean isBound();

        /** The function has gone or is being given up. */
        void remove(Processor on);
    }

    /** The module's name. */
    String name();

    /** Whether it knows such a function. */
    boolean supports(PciFunction function);

    /** Starts to probe a function. */
    Binding bind(PciFunction function);

    /** Feeds what the driver keeps besides its devices. */
    default void hashInto(StateHash hash) {}
}
