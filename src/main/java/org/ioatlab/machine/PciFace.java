package org.ioatlab.machine;

import java.util.List;

/** The PCI bus as users of a machine see it. */
public final class PciFace {
    Call<?> apply(PciCommand<?> command) {
        throw new IllegalStateException("not wired: " + command);
    }

    /** All functions, by address. */
    public List<PciViews.Device> devices() {
        throw new IllegalStateException("not wired");
    }

    /** One function. */
    public PciViews.Device device(String address) {
        throw new IllegalStateException("not wired: " + address);
    }
}
