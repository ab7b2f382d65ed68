package org.ioatlab.machine;

import java.util.List;
import java.util.Map;
import org.ioatlab.kernel.dmaengine.Personality;

/** Ready-made specs that differ in nothing but the three features of I/OAT. */
public enum Presets implements Labelled {
    LEGACY("legacy", "no I/OAT feature", false, 1, false),
    SPLIT_HEADERS("split-headers", "headers and payload in separate buffers", true, 1, false),
    MULTI_QUEUE("multi-queue", "two receive queues, each polled by a processor of its own", false, 2, false),
    DMA_COPY("dma-copy", "received data copied to users by the engine", false, 1, true),
    IOAT("ioat", "all three features", true, 2, true);

    private final String label;
    private final String description;
    private final boolean splitHeaders;
    private final int receiveQueues;
    private final boolean copyOffload;

    Presets(String label, String description, boolean splitHeaders, int receiveQueues, boolean copyOffload) {
        this.label = label;
        this.description = description;
        this.splitHeaders = splitHeaders;
        this.receiveQueues = receiveQueues;
        this.copyOffload = copyOffload;
    }

    /** All names. */
    public static List<String> labels() {
        return List.of(values()).stream().map(Presets::label).toList();
    }

    /**
     * The preset of that name.
     *
     * @throws Refusal if there is none
     */
    public static Presets of(String label) {
        for (Presets preset : values()) {
            if (preset.label.equals(label)) {
                return preset;
            }
        }
        throw Refusal.unknown("preset", label);
    }

    @Override
    public String label() {
        return label;
    }

    /** What it switches on. */
    public String description() {
        return description;
    }

    /** The spec. */
    public MachineSpec spec() {
        return new MachineSpec(
                "xeon-e7520",
                1,
                new MachineSpec.Cpus(2, 1, 2, 0),
                new MachineSpec.Memory(128, 96),
                new NicSpec(1, 1000, 1500, receiveQueues, 256, splitHeaders, true, true, 8000),
                new DmaSpec(copyOffload, 4, 4096, true, DmaSpec.Enumeration.BOOT, 0),
                new KernelSpec(
                        Personality.OLS2005,
                        copyOffload,
                        64,
                        300,
                        KernelSpec.AckPolicy.PROCESS_CONTEXT,
                        KernelSpec.TcpPersona.LINUX_2_6_12,
                        true,
                        null,
                        null),
                Map.of());
    }
}
