package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.ioatlab.lab.JournalEntry.ClockChanged;
import org.ioatlab.machine.MemoryViews;
import org.ioatlab.time.EventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A RUNNING machine follows the wall clock times its rate and is never ahead of it. */
class RunningClockTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400 * SECOND;
    private static final int MANY_PAGES = 10_000;

    private final Lab lab = new Lab(Limits.with().machineLifetimeDays(1000).make());
    private MachineHandle machine = lab.running();

    @AfterEach
    void close() {
        lab.close();
    }

    private long nowNs() {
        return machine.clock().join().nowNs();
    }

    /** The virtual time at which a call that begins at 0 returns. */
    private long returnPs(int pages) {
        MachineHandle twin = lab.paused();
        lab.done(twin.execute(Lab.pages(pages)));
        return Lab.end(twin).nowPs();
    }

    @Test
    void anIdleClockShowsThePresentToEverybodyWhoLooks() {
        assertThat(nowNs()).isZero();
        lab.wall.move(1);
        assertThat(nowNs()).isEqualTo(1);
        lab.wall.move(SECOND);
        assertThat(nowNs()).isEqualTo(SECOND + 1);
        assertThat(machine.clock().join().lagNs()).isZero();
    }

    @Test
    void theRateScalesIt() {
        machine = lab.make("slow", ClockState.RUNNING, ClockSetting.SLOWEST);
        MachineHandle fast = lab.make("fast", ClockState.RUNNING, ClockSetting.FASTEST);
        lab.wall.move(1_999);
        assertThat(nowNs()).as("1.999 ns, rounded down").isEqualTo(1);
        assertThat(fast.clock().join().nowNs()).isEqualTo(1_999_000);
    }

    @Test
    void changingTheRateReanchorsWithoutAJump() {
        lab.wall.move(SECOND);
        ClockView changed =
                machine.patchClock(null, 2 * ClockSetting.REAL_TIME, null).join();
        assertThat(changed.nowNs()).isEqualTo(SECOND);
        assertThat(changed.version()).isEqualTo(2);
        lab.wall.move(SECOND);
        assertThat(nowNs()).isEqualTo(3 * SECOND);
        machine.patchClock(null, ClockSetting.REAL_TIME / 2, null).join();
        lab.wall.move(SECOND);
        assertThat(nowNs()).isEqualTo(3 * SECOND + SECOND / 2);
    }

    @Test
    void pausedTimeDoesNotCount() {
        lab.wall.move(SECOND);
        machine.patchClock(ClockState.PAUSED, null, null).join();
        lab.pass(DAY);
        assertThat(nowNs()).isEqualTo(SECOND);
        machine.patchClock(ClockState.RUNNING, null, null).join();
        assertThat(nowNs()).isEqualTo(SECOND);
        lab.wall.move(5);
        assertThat(nowNs()).isEqualTo(SECOND + 5);
    }

    @Test
    void aSettingThatIsAlreadySoChangesNothing() {
        lab.wall.move(SECOND);
        assertThat(machine.patchClock(ClockState.RUNNING, ClockSetting.REAL_TIME, 1L)
                        .join()
                        .version())
                .isEqualTo(1);
        assertThat(machine.journal().join().entries()).isEmpty();
    }

    @Test
    void aSettingIsChangedOnlyIfItIsTheOneExpected() {
        assertThat(lab.refused(machine.patchClock(ClockState.PAUSED, null, 2L)))
                .isEqualTo("CONFLICT precondition-failed");
        assertThat(machine.patchClock(ClockState.PAUSED, null, 1L).join().version())
                .isEqualTo(2);
    }

    @Test
    void changesAreRecorded() {
        lab.wall.move(SECOND);
        machine.patchClock(ClockState.PAUSED, 5L * ClockSetting.REAL_TIME, null).join();
        JournalEntry entry = machine.journal().join().entries().getFirst();
        assertThat(entry)
                .isEqualTo(new JournalEntry(
                        1,
                        SECOND * 1_000,
                        0,
                        new ClockChanged(new ClockSetting(ClockState.PAUSED, 5L * ClockSetting.REAL_TIME))));
    }

    @Test
    void aCommandIsAppliedAtTheInstantThatPacingHasReached() {
        lab.wall.move(777);
        Lab.leave(machine.execute(Lab.buffer(64)));
        assertThat(machine.journal().join().entries().getFirst().atPs()).isEqualTo(777_000);
    }

    @Test
    void aCallReturnsWhenTheWallClockHasComeToItsEnd() {
        long endNs = (returnPs(3) + 999) / 1_000;
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(3));
        lab.pass(endNs - 1);
        assertThat(call).isNotDone();
        assertThat(nowNs()).isLessThan(endNs);
        lab.pass(1);
        assertThat(call).isDone();
        assertThat(nowNs()).isLessThanOrEqualTo(endNs);
    }

    @Test
    void aHalvedRateDoublesTheWait() {
        machine.patchClock(null, ClockSetting.REAL_TIME / 2, null).join();
        long endNs = (2 * returnPs(3) + 999) / 1_000;
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(3));
        lab.pass(endNs - 1);
        assertThat(call).isNotDone();
        lab.pass(1);
        assertThat(call).isDone();
    }

    @Test
    void othersAreServedWhileACallIsInFlight() {
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(100));
        assertThat(machine.look(faces -> faces.memory().state().pages()).join()).isZero();
        Lab.leave(machine.execute(Lab.buffer(64)));
        assertThat(machine.journal().join().entries()).hasSize(2);
        assertThat(call).isNotDone();
        lab.pass(SECOND);
        assertThat(call).isDone();
    }

    @Test
    void theClockIsNeverAheadOfTheWall() {
        long start = lab.wall.nanoTime();
        for (int i = 0; i < 200; i++) {
            Lab.leave(machine.execute(Lab.pages(1 + i % 3)));
            lab.pass(37L * i);
            assertThat(nowNs()).isLessThanOrEqualTo(lab.wall.nanoTime() - start);
        }
    }

    @Test
    void aLookDoesNotCatchUpAndTheLagSaysSo() {
        Lab.leave(machine.execute(Lab.pages(MANY_PAGES)));
        lab.wall.move(SECOND);
        ClockView clock = machine.clock().join();
        assertThat(clock.eventsFired()).isLessThan(10);
        assertThat(clock.idle()).isFalse();
        assertThat(clock.lagNs()).isEqualTo(SECOND - clock.nowNs());
        lab.pass(0);
        assertThat(machine.clock().join().lagNs()).isZero();
        assertThat(nowNs()).isEqualTo(SECOND);
    }

    @Test
    void catchingUpGoesInSlicesAmongTheWorkers() {
        Lab.leave(machine.execute(Lab.pages(MANY_PAGES)));
        lab.wall.move(SECOND);
        lab.fleet.tick();
        assertThat(lab.hands.waiting()).isEqualTo(1);
        CompletableFuture<ClockView> look = machine.clock();
        lab.hands.workOnce();
        assertThat(look.join().lagNs()).isPositive();
        lab.hands.work();
        assertThat(machine.clock().join().lagNs()).isZero();
    }

    @Test
    void aMachineThatCatchesUpByOthersCommandsNeedsNoTick() {
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(100));
        lab.wall.move(SECOND);
        CompletableFuture<MemoryViews.Buffer> next = machine.execute(Lab.buffer(64));
        assertThat(call).isDone();
        assertThat(next).isNotDone();
        assertThat(machine.journal().join().entries().get(1).atPs()).isEqualTo(1_000 * SECOND);
    }

    @Test
    void onAMachineFarBehindACommandIsAppliedWhereItStands() {
        for (int i = 0; i < 9; i++) {
            Lab.leave(machine.execute(Lab.pages(30_000)));
        }
        long fired = machine.clock().join().eventsFired();
        lab.wall.move(SECOND);
        Lab.leave(machine.execute(Lab.buffer(64)));
        lab.hands.work();
        JournalEntry entry = machine.journal().join().entries().getLast();
        assertThat(entry.firedBefore()).isEqualTo(fired + CatchUp.MOST_EVENTS);
        assertThat(entry.atPs()).isLessThan(1_000 * SECOND);
    }

    @Test
    void pausingLeavesCallsInFlight() {
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(3));
        machine.patchClock(ClockState.PAUSED, null, null).join();
        lab.pass(SECOND);
        assertThat(call).isNotDone();
        lab.done(machine.advance(new Advance.UntilIdle(DAY), null));
        assertThat(call).isDone();
    }

    @Test
    void aPausedClockThatRunsAgainReturnsWhatWasInFlight() {
        Cancellation cancellation = new Cancellation();
        machine = lab.paused();
        Lab.leave(machine.execute(Lab.pages(MANY_PAGES), cancellation));
        cancellation.request();
        lab.hands.work();
        machine.patchClock(ClockState.RUNNING, null, null).join();
        lab.pass(SECOND);
        assertThat(machine.look(faces -> faces.memory().state().pages()).join()).isEqualTo(MANY_PAGES);
    }

    @Test
    void atTheHorizonItPauses() {
        machine.patchClock(null, ClockSetting.FASTEST, null).join();
        lab.pass(DAY / 10 - 1);
        assertThat(machine.clock().join().setting().state()).isEqualTo(ClockState.RUNNING);
        lab.pass(1);
        ClockView clock = machine.clock().join();
        assertThat(clock.setting().state()).isEqualTo(ClockState.PAUSED);
        assertThat(clock.nowNs()).isEqualTo(EventLoop.HORIZON_PS / 1_000);
        assertThat(clock.stoppedBy()).isEqualTo(StoppedBy.HORIZON);
        assertThat(Lab.replayed(machine.journal().join())).isEqualTo(Lab.end(machine));
    }

    @Test
    void runningGivesTheSameMachineAsAdvancing() {
        Lab.leave(machine.execute(Lab.pages(500)));
        for (int i = 0; i < 50; i++) {
            lab.pass(7_919);
        }
        machine.patchClock(ClockState.PAUSED, null, null).join();
        MachineHandle twin = lab.paused();
        Cancellation atOnce = new Cancellation();
        CompletableFuture<MemoryViews.Pages> call = twin.execute(Lab.pages(500), atOnce);
        lab.done(call);
        lab.done(twin.advance(new Advance.Until(50 * 7_919_000L), null));
        assertThat(Lab.end(machine)).isEqualTo(Lab.end(twin));
    }

    @Test
    void anIdleRunningMachineIsWokenOnlyAtItsHorizon() {
        lab.pass(SECOND);
        assertThat(lab.fleet.tick())
                .as("only the sweep for expired machines is due")
                .isEqualTo(9 * SECOND);
        assertThat(lab.fleet.figures().running()).isEqualTo(1);
        assertThat(lab.hands.waiting()).isZero();
    }
}
