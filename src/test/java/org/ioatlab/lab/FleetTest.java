package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.MemoryViews;
import org.ioatlab.machine.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Machines come, are found, and go. */
class FleetTest {
    private static final long SECOND = 1_000_000_000L;

    private final Lab lab = new Lab(Limits.with()
            .machineLifetimeNanos(100 * SECOND)
            .rememberedExpirations(2)
            .make());

    @AfterEach
    void close() {
        lab.close();
    }

    private String findRefused(String id) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> lab.fleet.find(id));
        return refusal.kind() + " " + refusal.type();
    }

    private Created create(MachineCreation creation, boolean failIfPresent) {
        return lab.done(lab.fleet.create(creation, failIfPresent));
    }

    private static MachineCreation named(String name) {
        return Lab.creation(name, ClockState.PAUSED, ClockSetting.REAL_TIME);
    }

    private static List<String> ids(List<MachineHandle> machines) {
        return machines.stream().map(MachineHandle::id).toList();
    }

    @Test
    void aNameBecomesTheIdAndOthersAreNumbered() {
        assertThat(create(named("bench-1"), true).machine().id()).isEqualTo("bench-1");
        assertThat(create(named("m1"), true).machine().id()).isEqualTo("m1");
        assertThat(lab.paused().id()).isEqualTo("m2");
        assertThat(lab.fleet.find("m2").creation().name()).isEqualTo("m2");
        assertThat(lab.fleet.size()).isEqualTo(3);
    }

    @Test
    void aTakenNameIsRefused() {
        create(named("a"), true);
        assertThat(lab.refused(lab.fleet.create(named("a"), true))).isEqualTo("CONFLICT name-taken");
    }

    @Test
    void aNameIsTakenAsSoonAsItsMachineIsBeingMade() {
        CompletableFuture<Created> first = lab.fleet.create(named("a"), true);
        assertThat(lab.fleet.create(named("a"), true)).isCompletedExceptionally();
        assertThat(lab.done(first).fresh()).isTrue();
    }

    @Test
    void theSameCreationAgainGivesTheMachineThatIsThere() {
        Created first = create(named("a"), false);
        Created again = create(named("a"), false);
        assertThat(first.fresh()).isTrue();
        assertThat(again.fresh()).isFalse();
        assertThat(again.machine()).isSameAs(first.machine());
        MachineCreation other = Lab.creation("a", ClockState.PAUSED, 5L * ClockSetting.REAL_TIME);
        assertThat(lab.refused(lab.fleet.create(other, false))).isEqualTo("CONFLICT name-taken");
    }

    @Test
    void badNamesAreRefused() {
        for (String name : List.of("", "-a", "a/b", "a b", "ä", "a".repeat(64))) {
            assertThat(lab.refused(lab.fleet.create(named(name), true)))
                    .as(name)
                    .isEqualTo("MALFORMED bad-name");
        }
        assertThat(create(named("A.b_c-9" + "x".repeat(56)), true).fresh()).isTrue();
    }

    @Test
    void aSpecThatContradictsItselfGivesItsNameBack() {
        MachineSpec spec = Lab.spec();
        MachineSpec bad = new MachineSpec(
                "no-such-platform",
                spec.seed(),
                spec.cpus(),
                spec.memory(),
                spec.nic(),
                spec.dma(),
                spec.kernel(),
                spec.costs());
        MachineCreation creation = new MachineCreation("a", Map.of(), "ioat", bad, ClockSetting.DEFAULT);
        assertThat(lab.refused(lab.fleet.create(creation, true))).isEqualTo("MEANINGLESS unknown-platform");
        assertThat(create(named("a"), true).fresh()).isTrue();
    }

    @Test
    void machinesAreListedInTheOrderOfTheirNamesPageByPage() {
        List.of("c", "a", "d", "b").forEach(name -> create(named(name), true));
        assertThat(ids(lab.fleet.list(null, 3, Map.of()))).containsExactly("a", "b", "c");
        assertThat(ids(lab.fleet.list("c", 3, Map.of()))).containsExactly("d");
        assertThat(ids(lab.fleet.list("bb", 1, Map.of()))).containsExactly("c");
        assertThat(lab.fleet.list("d", 3, Map.of())).isEmpty();
    }

    @Test
    void machinesAreListedByTheirLabels() {
        MachineSpec spec = Lab.spec();
        create(new MachineCreation("a", Map.of("team", "x", "run", "1"), "ioat", spec, ClockSetting.DEFAULT), true);
        create(new MachineCreation("b", Map.of("team", "x", "run", "2"), "ioat", spec, ClockSetting.DEFAULT), true);
        assertThat(ids(lab.fleet.list(null, 9, Map.of("team", "x")))).containsExactly("a", "b");
        assertThat(ids(lab.fleet.list(null, 9, Map.of("team", "x", "run", "2"))))
                .containsExactly("b");
        assertThat(lab.fleet.list(null, 9, Map.of("team", "y"))).isEmpty();
    }

    @Test
    void aDeletedMachineIsUnknownAndItsNameFree() {
        MachineHandle machine = create(named("a"), true).machine();
        lab.fleet.delete("a");
        assertThat(findRefused("a")).isEqualTo("UNKNOWN unknown-machine");
        assertThat(lab.refused(machine.execute(Lab.buffer(64)))).isEqualTo("GONE machine-deleted");
        assertThat(lab.refused(machine.clock())).isEqualTo("GONE machine-deleted");
        assertThat(create(named("a"), true).fresh()).isTrue();
    }

    @Test
    void deletionEndsWhatIsUnderWayAndWhatWaits() {
        MachineHandle machine = create(named("a"), true).machine();
        CompletableFuture<MemoryViews.Pages> underWay = machine.execute(Lab.pages(10_000));
        CompletableFuture<MemoryViews.Buffer> waiting = machine.execute(Lab.buffer(64));
        CompletableFuture<ClockView> look = machine.clock();
        lab.fleet.delete("a");
        assertThat(lab.refused(underWay)).isEqualTo("GONE machine-deleted");
        assertThat(lab.refused(waiting)).isEqualTo("GONE machine-deleted");
        assertThat(lab.refused(look)).isEqualTo("GONE machine-deleted");
    }

    @Test
    void deletionEndsCallsInFlightOnARunningMachine() {
        MachineHandle machine = lab.running();
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(100));
        lab.fleet.delete(machine.id());
        assertThat(lab.refused(call)).isEqualTo("GONE machine-deleted");
        lab.pass(SECOND);
        assertThat(lab.fleet.figures().running()).isZero();
    }

    @Test
    void deletionEndsAnAdvance() {
        MachineHandle machine = lab.paused();
        Lab.leave(machine.execute(Lab.pages(20_000)));
        CompletableFuture<AdvanceResult> advance = machine.advance(new Advance.By(1), null);
        lab.fleet.delete(machine.id());
        assertThat(lab.refused(advance)).isEqualTo("GONE machine-deleted");
    }

    @Test
    void anUnusedMachineExpiresAtItsTimeAndIsGone() {
        MachineHandle machine = create(named("a"), true).machine();
        lab.pass(60 * SECOND);
        machine.clock().join();
        long expiry = machine.expiresAtEpochMillis();
        assertThat(expiry).isEqualTo(lab.wall.epochMillis() + 100_000);
        lab.wall.move(100 * SECOND - 1);
        assertThat(lab.fleet.find("a")).isSameAs(machine);
        lab.wall.move(1);
        assertThat(findRefused("a")).isEqualTo("GONE machine-expired");
        assertThat(lab.fleet.list(null, 10, Map.of())).isEmpty();
        assertThat(lab.refused(machine.clock())).isEqualTo("GONE machine-expired");
    }

    @Test
    void theSweepFindsExpiredMachinesThatNobodyAsksFor() {
        lab.paused();
        lab.running();
        lab.pass(100 * SECOND - 1);
        assertThat(lab.fleet.size()).isEqualTo(2);
        lab.pass(2 * SECOND);
        assertThat(lab.fleet.size()).isZero();
        assertThat(lab.fleet.figures()).isEqualTo(new FleetFigures(0, 0, 0, 0));
    }

    @Test
    void aMachineWithACallInFlightIsInUse() {
        MachineHandle machine = lab.make("slow", ClockState.RUNNING, ClockSetting.SLOWEST);
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(20_000));
        lab.pass(SECOND);
        lab.wall.move(101 * SECOND);
        assertThat(call).isNotDone();
        assertThat(lab.fleet.find("slow")).isSameAs(machine);
    }

    @Test
    void aCallInFlightOnAPausedMachineDoesNotKeepIt() {
        MachineHandle machine = lab.running();
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(100));
        machine.patchClock(ClockState.PAUSED, null, null).join();
        lab.pass(101 * SECOND);
        assertThat(lab.refused(call)).isEqualTo("GONE machine-expired");
    }

    @Test
    void onlyTheLastExpiredNamesAreRemembered() {
        List.of("a", "b", "c").forEach(name -> create(named(name), true));
        lab.pass(110 * SECOND);
        assertThat(List.of(findRefused("a"), findRefused("b"), findRefused("c")))
                .containsExactlyInAnyOrder("UNKNOWN unknown-machine", "GONE machine-expired", "GONE machine-expired");
    }

    @Test
    void anExpiredNameCanBeUsedAgain() {
        create(named("a"), true);
        lab.pass(110 * SECOND);
        create(named("a"), true);
        lab.fleet.delete("a");
        assertThat(findRefused("a")).isEqualTo("UNKNOWN unknown-machine");
    }

    @Test
    void aClosedFleetRefusesEverything() {
        MachineHandle machine = lab.running();
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(100));
        lab.fleet.close();
        assertThat(lab.refused(call)).isEqualTo("OVERLOADED closing");
        assertThat(lab.refused(machine.clock())).isEqualTo("OVERLOADED closing");
        assertThat(lab.refused(lab.fleet.create(named("a"), true))).isEqualTo("OVERLOADED closing");
        assertThat(findRefused(machine.id())).isEqualTo("UNKNOWN unknown-machine");
    }
}
