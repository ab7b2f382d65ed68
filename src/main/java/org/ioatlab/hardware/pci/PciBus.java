package org.ioatlab.hardware.pci;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** The functions that sit on the machine's PCI bus, in the order of their addresses. */
public final class PciBus {
    private final List<PciFunction> functions = new ArrayList<>();

    /**
     * Plugs a function in.
     *
     * @throws IllegalStateException if one sits at its address
     */
    public void add(PciFunction function) {
        if (find(function.address()) != null) {
            throw new IllegalStateException("taken: " + function.address());
        }
        int at = 0;
        while (at < functions.size() && functions.get(at).address().compareTo(function.address()) < 0) {
            at++;
        }
        functions.add(at, function);
    }

    /** Pulls a function out: it stops at once. */
    public void remove(PciFunction function) {
        functions.remove(function);
        function.remove();
    }

    /** The function at {@code address}, or null. */
    public @Nullable PciFunction find(String address) {
        for (PciFunction function : functions) {
            if (function.address().equals(address)) {
                return function;
            }
        }
        return null;
    }

    /** All functions, by address. */
    public List<PciFunction> functions() {
        return List.copyOf(functions);
    }

    /** Feeds every function. */
    public void hashInto(StateHash hash) {
        hash.put(functions.size());
        for (int i = 0; i < functions.size(); i++) {
            functions.get(i).hashInto(hash);
        }
    }
}
