package org.ioatlab.kernel.pci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.pci.PciBus;
import org.ioatlab.hardware.pci.PciFunction;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** The kernel's side of the bus: which driver runs which function. */
public final class PciCore {
    private final PciBus bus;
    private final List<PciDriver> drivers = new ArrayList<>();
    private final Map<PciFunction, Bound> bound = new LinkedHashMap<>();
    private final List<PciFunction> scanned = new ArrayList<>();

    /** A function and who runs it. */
    private record Bound(String driver, PciDriver.@Nullable Binding binding) {}

    public PciCore(PciBus bus) {
        this.bus = bus;
    }

    /** The bus. */
    public PciBus bus() {
        return bus;
    }

    /** Makes a driver known; functions are handed to it by the next scan. */
    public void register(PciDriver driver) {
        drivers.add(driver);
    }

    /** Records that a driver which found its function by itself runs it. */
    public void claim(PciFunction function, String driver) {
        bound.put(function, new Bound(driver, null));
    }

    /** The name of the driver that runs {@code function}, or null. */
    public @Nullable String driverOf(PciFunction function) {
        Bound entry = bound.get(function);
        return entry == null ? null : entry.driver;
    }

    /** Feeds what the drivers keep. */
    public void hashInto(StateHash hash) {
        for (int i = 0; i < drivers.size(); i++) {
            drivers.get(i).hashInto(hash);
        }
    }

    /** A scan of the bus, to be stepped until it is over. */
    public Scan scan() {
        return new Scan();
    }

    /** Lets a driver give up a function that has been pulled out. */
    public void removed(PciFunction function, Processor on) {
        Bound entry = bound.remove(function);
        if (entry != null && entry.binding != null) {
            entry.binding.remove(on);
        }
    }

    /**
     * Walks over functions without a driver, and that no other scan has found already, and has each probed by the first driver that knows it.
     */
    public final class Scan {
        private final List<PciFunction> found = new ArrayList<>();
        private final List<String> claimed = new ArrayList<>();
        private int next;
        private PciDriver.@Nullable Binding probing;
        private @Nullable PciDriver driver;

        private Scan() {
            for (PciFunction function : bus.functions()) {
                if (!bound.containsKey(function) && !scanned.contains(function)) {
                    found.add(function);
                }
            }
            scanned.addAll(found);
        }

        /** Runs one slice; what it returns is as with {@link PciDriver.Binding#probe}. */
        public long step(Processor on) {
            PciDriver.Binding current = probing;
            if (current == null) {
                return startNext();
            }
            long sleep = current.probe(on);
            if (sleep == PciDriver.Binding.PROBED) {
                finish(current);
                return 0;
            }
            return sleep;
        }

        /** Addresses of functions that got a driver. */
        public List<String> claimed() {
            return List.copyOf(claimed);
        }

        private long startNext() {
            while (next < found.size()) {
                PciFunction function = found.get(next);
                for (PciDriver candidate : drivers) {
                    if (candidate.supports(function) && bus.find(function.address()) == function) {
                        driver = candidate;
                        probing = candidate.bind(function);
                        return 0;
                    }
                }
                scanned.remove(function);
                next++;
            }
            return PciDriver.Binding.PROBED;
        }

        private void finish(PciDriver.Binding binding) {
            PciFunction function = found.get(next++);
            scanned.remove(function);
            if (binding.isBound() && driver != null) {
                bound.put(function, new Bound(driver.name(), binding));
                claimed.add(function.address());
            }
            probing = null;
        }
    }
}
