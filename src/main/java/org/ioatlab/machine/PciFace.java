package org.ioatlab.machine;

import java.util.List;
import org.ioatlab.hardware.dma.CopyEngine;
import org.ioatlab.hardware.pci.PciFunction;
import org.ioatlab.kernel.pci.PciCore;
import org.ioatlab.kernel.pci.PciDriver;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** The PCI bus as users of a machine see it. */
public final class PciFace {
    /** The most copy engines of one machine. */
    public static final int MOST_ENGINES = 8;

    /** The most channels of one copy engine. */
    public static final int MOST_CHANNELS = 16;

    private final PciCore core;
    private final Processors processors;
    private final EngineFactory engines;

    /** Makes copy engines that fit the machine. */
    interface EngineFactory {
        /** A new engine with the first free address on the bus. */
        CopyEngine create(int channels);
    }

    PciFace(PciCore core, Processors processors, EngineFactory engines) {
        this.core = core;
        this.processors = processors;
        this.engines = engines;
    }

    Call<?> apply(PciCommand<?> command) {
        return switch (command) {
            case PciCommand.Enumerate c -> new ScanCall(null, processor(c.cpu())).start();
            case PciCommand.AddEngine c -> add(c);
            case PciCommand.Remove c -> remove(c);
        };
    }

    /** All functions, by address. */
    public List<PciViews.Device> devices() {
        return core.bus().functions().stream().map(this::view).toList();
    }

    /** One function. */
    public PciViews.Device device(String address) {
        return view(find(address));
    }

    void hashInto(StateHash hash) {
        core.bus().hashInto(hash);
        core.hashInto(hash);
        for (PciFunction function : core.bus().functions()) {
            String driver = core.driverOf(function);
            hash.put(driver == null ? "" : driver);
        }
    }

    /** Scans the bus as a boot does. */
    void boot() {
        new ScanCall(null, processors.get(0)).start();
    }

    private Call<?> add(PciCommand.AddEngine command) {
        Ranges.require("channels", command.channels(), 1, MOST_CHANNELS);
        long count = core.bus().functions().stream()
                .filter(CopyEngine.class::isInstance)
                .count();
        if (count >= MOST_ENGINES) {
            throw new Refusal(
                    Refusal.Kind.LIMIT, "too-many-engines", "A machine has at most " + MOST_ENGINES + " copy engines.");
        }
        Processor on = processor(command.cpu());
        CopyEngine engine = engines.create(command.channels());
        core.bus().add(engine);
        return new ScanCall(engine, on).start();
    }

    private Call<Done> remove(PciCommand.Remove command) {
        PciFunction function = find(command.address());
        if (!(function instanceof CopyEngine)) {
            throw Refusal.conflict("not-removable", command.address() + " can't be removed while the machine runs.")
                    .with("state", "SOLDERED");
        }
        Processor on = processor(command.cpu());
        core.bus().remove(function);
        return new RemoveCall(function, on).start();
    }

    private PciFunction find(String address) {
        PciFunction function = core.bus().find(address);
        if (function == null) {
            throw Refusal.unknown("pci-device", address);
        }
        return function;
    }

    private PciViews.Device view(PciFunction f) {
        String classCode = "%04x".formatted(f.classCode());
        String kind = f.classCode() == CopyEngine.CLASS_CODE ? "System peripheral" : "Ethernet controller";
        return new PciViews.Device(
                f.address(),
                "8086",
                "%04x".formatted(f.deviceId()),
                classCode,
                "%02x".formatted(f.revision()),
                f.description(),
                "0x%08x".formatted(f.baseAddress()),
                f.registerBytes(),
                core.driverOf(f),
                "%s %s [%s]: %s [8086:%04x] (rev %02x)"
                        .formatted(
                                f.address().substring(5),
                                kind,
                                classCode,
                                f.description(),
                                f.deviceId(),
                                f.revision()));
    }

    private Processor processor(int cpu) {
        return Machine.processor(processors, cpu);
    }

    /** A scan of the bus, sleeping where a probe does. */
    private final class ScanCall extends KernelCall<Object> {
        private final PciCore.Scan scan = core.scan();
        private final @Nullable PciFunction added;

        ScanCall(@Nullable PciFunction added, Processor processor) {
            super("pci_scan_slot", processor);
            this.added = added;
        }

        @Override
        protected Next resume() {
            long sleepPs = scan.step(processor());
            if (sleepPs == PciDriver.Binding.PROBED) {
                return answer(added == null ? new PciViews.Enumerated(scan.claimed(), List.of()) : view(added));
            }
            if (sleepPs == 0) {
                return Next.CONTINUE;
            }
            wakeAt(processor().cpu().cursorPs() + sleepPs);
            return Next.SLEEP;
        }

        @Override
        protected Object finish(Object result) {
            return added == null ? new PciViews.Enumerated(scan.claimed(), devices()) : view(added);
        }
    }

    /** A function is gone; its driver lets go of it. */
    private final class RemoveCall extends KernelCall<Done> {
        private final PciFunction function;

        RemoveCall(PciFunction function, Processor processor) {
            super("pci_remove", processor);
            this.function = function;
        }

        @Override
        protected Next resume() {
            core.removed(function, processor());
            return answer(new Done(0));
        }

        @Override
        protected Done finish(Done result) {
            return Machine.done(processor().loop());
        }
    }
}
