package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.MemoryCommand;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.time.Picoseconds;
import org.junit.jupiter.api.Test;

/** Every limit at its edge. Those of an advance are in {@link AdvanceTest}, those of expiry in {@link FleetTest}. */
class LimitsTest {
    private static final long MIB = 1L << 20;

    @Test
    void machines() {
        try (Lab lab = new Lab(Limits.with().machines(2).make())) {
            lab.paused();
            String second = lab.paused().id();
            MachineCreation third = Lab.creation(null, ClockState.PAUSED, ClockSetting.REAL_TIME);
            assertThat(lab.refused(lab.fleet.create(third, true))).isEqualTo("LIMIT too-many-machines");
            lab.fleet.delete(second);
            assertThat(lab.done(lab.fleet.create(third, true)).fresh()).isTrue();
        }
    }

    @Test
    void memoryBytesPerMachine() {
        try (Lab lab = new Lab(Limits.with().memoryBytesPerMachine(128 * MIB).make())) {
            lab.paused();
        }
        try (Lab lab =
                new Lab(Limits.with().memoryBytesPerMachine(128 * MIB - 1).make())) {
            MachineCreation creation = Lab.creation(null, ClockState.PAUSED, ClockSetting.REAL_TIME);
            assertThat(lab.refused(lab.fleet.create(creation, true))).isEqualTo("LIMIT machine-too-large");
            assertThat(lab.fleet.size()).isZero();
        }
    }

    /** How much host memory a machine has written to when it has booted. */
    private static long booted() {
        try (Lab lab = new Lab()) {
            lab.paused();
            return lab.fleet.figures().backedBytes();
        }
    }

    @Test
    void backedMemoryBytes() {
        long room = booted() + 4096;
        try (Lab lab = new Lab(Limits.with().backedMemoryBytes(room).make())) {
            MachineHandle machine = lab.paused();
            assertThat(lab.refused(machine.execute(Lab.buffer(4097)))).isEqualTo("OVERLOADED service-memory");
            assertThat(machine.execute(Lab.buffer(4096)).join().size()).isEqualTo(4096);
            assertThat(machine.execute(Lab.buffer(4096)).join().size())
                    .as("one of both lies where the boot had written")
                    .isEqualTo(4096);
            assertThat(lab.refused(machine.execute(Lab.buffer(1)))).isEqualTo("OVERLOADED service-memory");
            assertThat(machine.execute(new MemoryCommand.FreeBuffer("b1", 0)))
                    .as("giving back is always allowed")
                    .isCompleted();
        }
    }

    @Test
    void backedMemoryIsGivenBackWithItsMachine() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = lab.paused();
            machine.execute(Lab.buffer(65_536)).join();
            assertThat(lab.fleet.figures().backedBytes()).isEqualTo(booted() + 65_536);
            assertThat(lab.fleet.figures().journalBytes()).isPositive();
            lab.fleet.delete(machine.id());
            assertThat(lab.fleet.figures()).isEqualTo(new FleetFigures(0, 0, 0, 0));
        }
    }

    @Test
    void framesPerInjection() {
        try (Lab lab = new Lab(Limits.with().framesPerInjection(3).make())) {
            MachineHandle machine = lab.paused();
            assertThat(lab.refused(machine.execute(frames(4)))).isEqualTo("LIMIT too-many-frames");
            assertThat(machine.journal().join().entries()).isEmpty();
        }
    }

    @Test
    void framesOnWiresPerMachine() {
        try (Lab lab = new Lab(Limits.with().framesOnWiresPerMachine(3).make())) {
            MachineHandle machine = lab.paused();
            machine.execute(frames(2)).join();
            assertThat(lab.refused(machine.execute(frames(2)))).isEqualTo("LIMIT wire-full");
            machine.execute(frames(1)).join();
            machine.advance(new Advance.UntilIdle(Picoseconds.PER_SECOND), new Cancellation())
                    .join();
            machine.execute(frames(3)).join();
        }
    }

    @Test
    void framesOnWiresOfAllMachines() {
        try (Lab lab = new Lab(Limits.with().framesOnWires(3).make())) {
            MachineHandle one = lab.paused();
            MachineHandle other = lab.paused();
            one.execute(frames(2)).join();
            assertThat(lab.refused(other.execute(frames(2)))).isEqualTo("OVERLOADED service-frames");
            lab.fleet.delete(one.id());
            other.execute(frames(3)).join();
        }
    }

    @Test
    void advancesAtOnce() {
        try (Lab lab = new Lab(Limits.with().advancesAtOnce(0).make())) {
            MachineHandle machine = lab.paused();
            Advance advance = new Advance.By(Picoseconds.PER_MICROSECOND);
            assertThat(lab.refused(machine.advance(advance, new Cancellation())))
                    .isEqualTo("OVERLOADED too-many-advances");
            assertThat(machine.journal().join().entries()).isEmpty();
        }
        try (Lab lab = new Lab(Limits.with().advancesAtOnce(1).make())) {
            MachineHandle machine = lab.paused();
            for (int i = 0; i < 3; i++) {
                machine.advance(new Advance.By(Picoseconds.PER_MICROSECOND), new Cancellation())
                        .join();
            }
        }
    }

    private static NicCommand.InjectFrames frames(int count) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, 60);
        return new NicCommand.InjectFrames("eth0", new byte[60 * count], lengths, new long[count], false);
    }

    @Test
    void queuedCommandsPerMachine() {
        try (Lab lab = new Lab(Limits.with().queuedCommandsPerMachine(2).make())) {
            MachineHandle machine = lab.paused();
            CompletableFuture<?> underWay = machine.execute(Lab.pages(10_000));
            List<CompletableFuture<?>> queued = new ArrayList<>();
            queued.add(machine.execute(Lab.buffer(64)));
            queued.add(machine.execute(Lab.buffer(64)));
            queued.add(machine.clock());
            queued.add(machine.clock());
            assertThat(lab.hands.waiting()).isEqualTo(1);
            CompletableFuture<?> oneTooMany = machine.execute(Lab.buffer(64));
            CompletableFuture<?> lookTooMany = machine.clock();
            assertThat(oneTooMany).isCompletedExceptionally();
            assertThat(lookTooMany).isCompletedExceptionally();
            assertThat(lab.refused(oneTooMany)).isEqualTo("OVERLOADED mailbox-full");
            assertThat(lab.refused(lookTooMany)).isEqualTo("OVERLOADED mailbox-full");
            assertThat(underWay).isCompleted();
            assertThat(queued).allSatisfy(job -> assertThat(job).isCompleted());
        }
    }

    @Test
    void callsInFlightPerMachine() {
        try (Lab lab = new Lab(Limits.with().callsInFlightPerMachine(2).make())) {
            MachineHandle machine = lab.running();
            Lab.leave(machine.execute(Lab.buffer(64)));
            Lab.leave(machine.execute(Lab.buffer(64)));
            assertThat(lab.refused(machine.execute(Lab.buffer(64)))).isEqualTo("LIMIT too-many-calls");
            lab.pass(1_000_000_000);
            Lab.leave(machine.execute(Lab.buffer(64)));
        }
    }

    @Test
    void journalEntriesPerMachine() {
        try (Lab lab = new Lab(Limits.with().journalEntriesPerMachine(2).make())) {
            MachineHandle machine = lab.paused();
            machine.execute(Lab.buffer(64)).join();
            machine.execute(Lab.buffer(64)).join();
            JournalEnd before = Lab.end(machine);
            assertThat(lab.refused(machine.execute(Lab.buffer(64)))).isEqualTo("LIMIT journal-full");
            assertThat(lab.refused(machine.advance(new Advance.By(1), null))).isEqualTo("LIMIT journal-full");
            assertThat(lab.refused(machine.patchClock(ClockState.RUNNING, null, null)))
                    .isEqualTo("LIMIT journal-full");
            assertThat(Lab.end(machine)).isEqualTo(before);
        }
    }

    @Test
    void aRunningMachineCanBePausedThoughItsJournalIsFull() {
        try (Lab lab = new Lab(Limits.with().journalEntriesPerMachine(1).make())) {
            MachineHandle machine = lab.running();
            Lab.leave(machine.execute(Lab.buffer(64)));
            assertThat(lab.refused(machine.execute(Lab.buffer(64)))).isEqualTo("LIMIT journal-full");
            machine.patchClock(ClockState.PAUSED, null, null).join();
            assertThat(Lab.replayed(machine.journal().join())).isEqualTo(Lab.end(machine));
        }
    }

    @Test
    void journalBytesPerMachine() {
        long twoCommands = 2 * 96 + 1000;
        try (Lab lab = new Lab(Limits.with().journalBytesPerMachine(twoCommands).make())) {
            MachineHandle machine = lab.paused();
            machine.execute(Lab.buffer(1001)).join();
            assertThat(lab.refused(machine.execute(new MemoryCommand.WriteBuffer("b1", 0, new byte[1001]))))
                    .isEqualTo("LIMIT journal-full");
            assertThat(machine.execute(new MemoryCommand.WriteBuffer("b1", 0, new byte[1000])))
                    .isCompleted();
        }
    }

    @Test
    void journalBytesOfAllMachines() {
        try (Lab lab = new Lab(Limits.with().journalBytes(2 * 96).make())) {
            MachineHandle one = lab.paused();
            MachineHandle other = lab.paused();
            one.execute(Lab.buffer(64)).join();
            other.execute(Lab.buffer(64)).join();
            assertThat(lab.refused(other.execute(Lab.buffer(64)))).isEqualTo("LIMIT journal-full");
            lab.fleet.delete(one.id());
            assertThat(other.execute(Lab.buffer(64))).isCompleted();
        }
    }

    @Test
    void rates() {
        assertThat(new ClockSetting(ClockState.RUNNING, 1_000).rate()).isEqualTo(0.001);
        assertThat(new ClockSetting(ClockState.RUNNING, 1_000_000_000).rate()).isEqualTo(1000.0);
        for (long rate : new long[] {999, 1_000_000_001}) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new ClockSetting(ClockState.RUNNING, rate)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aForkIsHeldToTheSameLimits() {
        try (Lab lab = new Lab(
                Limits.with().machines(2).memoryBytesPerMachine(128 * MIB).make())) {
            MachineHandle machine = lab.paused();
            MachineSpec spec = Lab.spec();
            MachineSpec large = new MachineSpec(
                    spec.platform(),
                    spec.seed(),
                    spec.cpus(),
                    new MachineSpec.Memory(132, 96),
                    spec.nic(),
                    spec.dma(),
                    spec.kernel(),
                    Map.of());
            assertThat(lab.refused(lab.fleet.fork(machine.id(), new ForkRequest(null, large, null, null), null)))
                    .isEqualTo("LIMIT machine-too-large");
            lab.paused();
            assertThat(lab.refused(lab.fleet.fork(machine.id(), new ForkRequest(null, null, null, null), null)))
                    .isEqualTo("LIMIT too-many-machines");
        }
    }
}
