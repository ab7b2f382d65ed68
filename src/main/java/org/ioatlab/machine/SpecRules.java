package org.ioatlab.machine;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processors;

/** What a spec's fields must be to each other. Each field's own range stands on the field. */
final class SpecRules {
    private SpecRules() {}

    /** The spec's platform with the spec's own values in it. */
    static Platform platform(MachineSpec spec) {
        if (spec.memory().lowMib() > spec.memory().totalMib()) {
            throw Refusal.meaningless(
                    "low-memory-exceeds-total",
                    "memory.lowMib " + spec.memory().lowMib() + " exceeds memory.totalMib "
                            + spec.memory().totalMib() + ".");
        }
        if (!Platform.IDS.contains(spec.platform())) {
            throw Refusal.meaningless("unknown-platform", "There is no platform " + spec.platform() + ".")
                    .with("allowed", Platform.IDS);
        }
        Map<String, Long> overrides = new LinkedHashMap<>(spec.costs());
        if (spec.cpus().frequencyMhz() > 0) {
            overrides.put(Parameter.CPU_FREQUENCY_MHZ.key(), (long) spec.cpus().frequencyMhz());
        }
        try {
            Platform platform = Platform.load(spec.platform()).with(overrides);
            Processors.requireRoomForTicks(platform, logicalCpus(spec.cpus()));
            return platform;
        } catch (IllegalArgumentException e) {
            throw Refusal.meaningless("bad-cost", e.getMessage() + ".");
        }
    }

    private static int logicalCpus(MachineSpec.Cpus cpus) {
        return cpus.sockets() * cpus.coresPerSocket() * cpus.threadsPerCore();
    }
}
