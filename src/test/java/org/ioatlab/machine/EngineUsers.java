package org.ioatlab.machine;

import java.util.List;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.time.SeededRandom;

/** Users who do anything to a machine's copy engines while its network stack uses them, never waiting for anything. */
final class EngineUsers {
    private static final FaultType[] FAULTS = FaultType.values();
    private static final DmaCommand.Control[] CONTROLS = DmaCommand.Control.values();
    private static final int MOST_ENGINES = 3;
    private static final int CLIENTS = 2;

    private final TestMachine lab;
    private final SeededRandom random;

    EngineUsers(TestMachine lab, SeededRandom random) {
        this.lab = lab;
        this.random = random;
    }

    int cpu() {
        return random.nextInt(lab.machine.cpus().cpus().size());
    }

    void act() {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 16, 17 -> fault();
            case 4 -> apply(new DmaCommand.ControlChannel(channel(), CONTROLS[random.nextInt(CONTROLS.length)], cpu()));
            case 5 -> apply(new DmaCommand.ControlChannel(channel(), DmaCommand.Control.SUSPEND, cpu()));
            case 6, 7 -> resumeAll();
            case 8, 18, 19 -> apply(new DmaCommand.ControlChannel(channel(), DmaCommand.Control.RESET, cpu()));
            case 9, 20, 21, 22 -> addEngine();
            case 10 -> removeEngine();
            case 11 -> apply(new DmaCommand.RegisterClient(client(), cpu()));
            case 12 -> apply(new DmaCommand.RequestChannels(client(), random.nextInt(4), cpu()));
            case 13, 23 -> apply(new DmaCommand.UnregisterClient(client(), cpu()));
            case 14 -> apply(new DmaCommand.SelfTest(null, 1 + random.nextInt(9_000), 2, 10, 1, 2, cpu()));
            default -> setVariable();
        }
    }

    /** Nobody waits for a suspended channel any more. */
    void resumeAll() {
        for (DmaViews.Channel channel : lab.machine.dma().channels()) {
            apply(new DmaCommand.ControlChannel(channel.id(), DmaCommand.Control.RESUME, cpu()));
        }
    }

    /** All leave, and no engine is left. */
    void end() {
        resumeAll();
        for (int i = 0; i < CLIENTS; i++) {
            apply(new DmaCommand.UnregisterClient("c" + i, 0));
        }
        while (!engines().isEmpty()) {
            lab.run(new PciCommand.Remove(engines().getFirst().address(), cpu()));
        }
    }

    private void fault() {
        FaultType type = FAULTS[random.nextInt(FAULTS.length)];
        if (type != FaultType.SILENT_CORRUPTION) {
            apply(new DmaCommand.InjectFault(channel(), type, random.nextInt(40)));
        }
    }

    private void addEngine() {
        if (engines().size() < MOST_ENGINES) {
            apply(new PciCommand.AddEngine(1 + random.nextInt(4), cpu()));
        }
    }

    private void removeEngine() {
        List<PciViews.Device> engines = engines();
        if (!engines.isEmpty()) {
            apply(new PciCommand.Remove(
                    engines.get(random.nextInt(engines.size())).address(), cpu()));
        }
    }

    private void setVariable() {
        if (random.nextInt(2) == 0) {
            apply(new SysctlCommand.Set(
                    "net.ipv4.tcp_dma_copybreak", String.valueOf(random.nextInt(random.nextInt(2) == 0 ? 1 : 9_000))));
        } else {
            apply(new SysctlCommand.Set("net.ipv4.tcp_low_latency", String.valueOf(random.nextInt(4) == 0 ? 1 : 0)));
        }
    }

    private List<PciViews.Device> engines() {
        return lab.machine.pci().devices().stream()
                .filter(device -> device.classCode().equals("0880"))
                .toList();
    }

    private String client() {
        return "c" + random.nextInt(CLIENTS);
    }

    /** Mostly one of the network stack's. */
    private String channel() {
        List<DmaViews.Channel> owned = lab.machine.dma().channels().stream()
                .filter(channel -> random.nextInt(8) == 0 || channel.memcpyCount() > 0)
                .toList();
        return owned.isEmpty()
                ? "dma0chan0"
                : owned.get(random.nextInt(owned.size())).id();
    }

    private void apply(Command<?> command) {
        try {
            lab.machine.apply(command);
        } catch (Refusal refused) {
            // not now
        }
    }
}
