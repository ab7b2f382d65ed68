package org.ioatlab.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.Content;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.MemoryCommand;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.ObservationCommand;
import org.ioatlab.machine.PciCommand;
import org.ioatlab.time.SeededRandom;

/** A user who does this and that with a machine, sensible or not; the same for the same seed. */
final class RandomUser {
    private static final int BYTES = 8192;
    private static final List<Advance> ADVANCES = List.of(
            new Advance.By(0),
            new Advance.By(1_234_567),
            new Advance.By(50_000_000),
            new Advance.UntilIdle(100_000_000),
            new Advance.UntilIdle(1_000_000_000_000L),
            new Advance.Events(1),
            new Advance.Events(17));

    private final SeededRandom random;

    RandomUser(long seed) {
        random = new SeededRandom(seed);
    }

    int pick(int bound) {
        return random.nextInt(bound);
    }

    /** Registers a client, gives it channels, and makes two buffers: the beginning of most work. */
    static List<Command<?>> beginning() {
        return List.of(
                new DmaCommand.RegisterClient("c", 0),
                new DmaCommand.RequestChannels("c", 2, 0),
                Lab.buffer(BYTES),
                Lab.buffer(BYTES));
    }

    Advance advance() {
        return ADVANCES.get(pick(ADVANCES.size()));
    }

    Command<?> command() {
        return switch (pick(20)) {
            case 0 -> Lab.buffer(1 + pick(BYTES));
            case 1 -> new MemoryCommand.FreeBuffer(buffer(), cpu());
            case 2 -> new MemoryCommand.WriteBuffer(buffer(), pick(64), new byte[1 + pick(64)]);
            case 3 ->
                new MemoryCommand.AllocatePages(
                        1 + pick(4),
                        pick(2) == 0 ? ZoneKind.LOW : ZoneKind.HIGH,
                        new Content(Content.Fill.RANDOM, null),
                        cpu());
            case 4 -> new DmaCommand.RequestChannels("c", pick(5), cpu());
            case 5, 6, 7, 8 -> copies();
            case 9, 10, 11 -> new DmaCommand.WaitForCookie(channel(), 1 + pick(9), 1_000_000L * pick(50), cpu());
            case 12 -> new DmaCommand.CompleteCookie(channel(), 1 + pick(9), cpu());
            case 13 ->
                new DmaCommand.ControlChannel(
                        channel(), DmaCommand.Control.values()[pick(DmaCommand.Control.values().length)], cpu());
            case 14 -> new DmaCommand.InjectFault(channel(), FaultType.HALT, pick(9));
            case 15, 16, 17 -> frames();
            case 18 -> new ObservationCommand.ResetProfile();
            default -> pick(4) == 0 ? new PciCommand.AddEngine(1 + pick(3), cpu()) : new PciCommand.Enumerate(cpu());
        };
    }

    private DmaCommand.SubmitCopies copies() {
        List<DmaCommand.Copy> copies = new ArrayList<>();
        for (int i = pick(3); i >= 0; i--) {
            copies.add(new DmaCommand.Copy(place(), place(), 1 + pick(BYTES / 2)));
        }
        return new DmaCommand.SubmitCopies(channel(), null, copies, pick(4) == 0, cpu());
    }

    private NicCommand.InjectFrames frames() {
        int[] lengths = new int[1 + pick(5)];
        int sum = 0;
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = 60 + pick(1400);
            sum += lengths[i];
        }
        byte[] bytes = new byte[sum];
        random.fill(bytes, 0, sum);
        for (int i = 0, at = 0; i < lengths.length; at += lengths[i++]) {
            java.util.Arrays.fill(bytes, at, at + 6, (byte) 0xff);
        }
        long[] gaps = new long[lengths.length];
        java.util.Arrays.fill(gaps, 1_000_000L * pick(20));
        return new NicCommand.InjectFrames("eth0", bytes, lengths, gaps, pick(2) == 0);
    }

    private DmaCommand.Place place() {
        return new DmaCommand.Place(buffer(), null, pick(BYTES / 2));
    }

    private String buffer() {
        return "b" + (1 + pick(5));
    }

    private String channel() {
        return "dma0chan" + pick(3);
    }

    private int cpu() {
        return pick(4);
    }

    /** Lets the beginning happen on a machine, and doesn't wait. */
    static void begin(MachineHandle machine) {
        beginning().forEach(command -> Lab.leave(machine.execute(command)));
    }

    /** One more thing done to a PAUSED machine. */
    CompletableFuture<?> actOnPaused(MachineHandle machine) {
        return pick(4) == 0 ? machine.advance(advance(), null) : machine.execute(command());
    }

    /** One more thing done to a machine whose clock may run. */
    CompletableFuture<?> act(MachineHandle machine) {
        return switch (pick(12)) {
            case 0 -> machine.patchClock(ClockState.PAUSED, null, null);
            case 1, 2 -> machine.patchClock(ClockState.RUNNING, null, null);
            case 3 -> machine.patchClock(null, ClockSetting.SLOWEST * (1 + pick(1_000_000)), null);
            case 4 -> machine.advance(advance(), null);
            case 5 -> machine.clock();
            case 6 -> machine.look(faces -> faces.dma().channels());
            default -> machine.execute(command());
        };
    }
}
