package org.ioatlab.machine;

import java.util.Map;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.time.SeededRandom;

/** Specs of all kinds of machines that have a network. */
final class RandomMachines {
    private static final int[] MTUS = {576, 1280, 1500, 1500, 4000, 9000};
    private static final int[] RINGS = {80, 128, 256};
    private static final int[] LINKS = {100, 1000, 1000, 10_000};
    private static final int[] RATES = {0, 1_000, 8_000, 100_000};

    private final SeededRandom random;

    RandomMachines(SeededRandom random) {
        this.random = random;
    }

    /** Whether its kernel frees packets only at the end of a read, which may wait for more than their window holds: two of them do (a known bug). */
    static boolean deadlocksWhenWaitingForAll(MachineSpec spec) {
        Personality personality = spec.kernel().personality();
        return personality == Personality.LINUX_2_6_18 || personality == Personality.LINUX_2_6_24;
    }

    MachineSpec next() {
        Presets preset = pick(Presets.values());
        MachineSpec s = preset.spec();
        return new MachineSpec(
                Platform.IDS.get(random.nextInt(Platform.IDS.size())),
                random.nextInt(1000),
                new MachineSpec.Cpus(1 + random.nextInt(2), 1 + random.nextInt(2), 1 + random.nextInt(2), 0),
                new MachineSpec.Memory(512, 384),
                nic(s.nic()),
                s.dma(),
                kernel(s.kernel()),
                Map.of());
    }

    private NicSpec nic(NicSpec preset) {
        boolean checksums = random.nextInt(4) > 0;
        return new NicSpec(
                1 + random.nextInt(4),
                pick(LINKS),
                pick(MTUS),
                preset.receiveQueues() == 1 ? 1 : 2 + random.nextInt(3),
                pick(RINGS),
                preset.splitHeaders(),
                checksums,
                checksums && random.nextInt(2) == 0,
                pick(RATES));
    }

    private KernelSpec kernel(KernelSpec preset) {
        return new KernelSpec(
                pick(Personality.values()),
                preset.copyOffload(),
                8 + random.nextInt(120),
                16 + random.nextInt(600),
                pick(KernelSpec.AckPolicy.values()),
                pick(KernelSpec.TcpPersona.values()),
                random.nextInt(2) == 0,
                random.nextInt(2) == 0 ? null : random.nextInt(10_000),
                random.nextInt(2) == 0 ? null : random.nextInt(5));
    }

    private <E> E pick(E[] values) {
        return values[random.nextInt(values.length)];
    }

    private int pick(int[] values) {
        return values[random.nextInt(values.length)];
    }
}
