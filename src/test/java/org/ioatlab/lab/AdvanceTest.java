package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.ioatlab.lab.JournalEntry.Advanced;
import org.ioatlab.machine.MemoryViews;
import org.ioatlab.time.EventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Moving a PAUSED machine: where it stops, why, and what is recorded of it. */
class AdvanceTest {
    private static final long MICROSECOND = 1_000_000;
    private static final long DAY = 86_400_000_000_000_000L;
    private static final int MANY_PAGES = 30_000;

    private Lab lab = new Lab();
    private MachineHandle machine = lab.paused();

    @AfterEach
    void close() {
        lab.close();
    }

    private AdvanceResult advance(Advance advance) {
        return lab.done(machine.advance(advance, null));
    }

    private void begin(Limits limits) {
        lab.close();
        lab = new Lab(limits.make());
        machine = lab.paused();
    }

    /** Leaves a call of many events in flight; the machine is not idle. */
    private void leaveWorkInFlight() {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(MANY_PAGES), cancellation);
        cancellation.request();
        lab.refused(call);
    }

    private Advanced lastRecorded() {
        return (Advanced) machine.journal().join().entries().getLast().what();
    }

    @Test
    void byADurationStopsExactlyThere() {
        AdvanceResult result = advance(new Advance.By(10 * MICROSECOND + 1));
        assertThat(result.stoppedBy()).isEqualTo(StoppedBy.TIME);
        assertThat(result.nowNs()).isEqualTo(10_000);
        assertThat(Lab.end(machine).nowPs()).isEqualTo(10 * MICROSECOND + 1);
        assertThat(result.digest()).isEqualTo(Lab.end(machine).digest());
    }

    @Test
    void untilAnInstantStopsExactlyThere() {
        advance(new Advance.By(3));
        AdvanceResult result = advance(new Advance.Until(5 * MICROSECOND));
        assertThat(result.stoppedBy()).isEqualTo(StoppedBy.TIME);
        assertThat(Lab.end(machine).nowPs()).isEqualTo(5 * MICROSECOND);
    }

    @Test
    void untilNowIsFineAndThePastIsNot() {
        advance(new Advance.By(MICROSECOND));
        assertThat(advance(new Advance.Until(MICROSECOND)).stoppedBy()).isEqualTo(StoppedBy.TIME);
        assertThat(lab.refused(machine.advance(new Advance.Until(MICROSECOND - 1), null)))
                .isEqualTo("MEANINGLESS in-the-past");
        assertThat(lab.refused(machine.advance(new Advance.By(-1), null))).isEqualTo("MEANINGLESS negative-duration");
    }

    @Test
    void severalSmallAdvancesEqualOneLarge() {
        leaveWorkInFlight();
        MachineHandle other = machine;
        machine = lab.paused();
        leaveWorkInFlight();
        for (int i = 0; i < 7; i++) {
            advance(new Advance.By(100 * MICROSECOND));
        }
        AdvanceResult inOne = lab.done(other.advance(new Advance.By(700 * MICROSECOND), null));
        assertThat(Lab.end(machine)).isEqualTo(Lab.end(other));
        assertThat(inOne.digest()).isEqualTo(Lab.end(machine).digest());
    }

    @Test
    void untilIdleStopsAtOnceOnAnIdleMachine() {
        AdvanceResult result = advance(new Advance.UntilIdle(DAY));
        assertThat(result.stoppedBy()).isEqualTo(StoppedBy.IDLE);
        assertThat(result.eventsFired()).isZero();
        assertThat(result.nowNs()).isZero();
        assertThat(machine.journal().join().entries()).as("nothing moved").isEmpty();
    }

    @Test
    void untilIdleStopsWithTheLastEvent() {
        leaveWorkInFlight();
        AdvanceResult result = advance(new Advance.UntilIdle(DAY));
        assertThat(result.stoppedBy()).isEqualTo(StoppedBy.IDLE);
        assertThat(result.eventsFired()).isGreaterThan(MANY_PAGES / 2);
        assertThat(lastRecorded().reachedPs()).isEqualTo(Lab.end(machine).nowPs());
        assertThat(machine.clock().join().idle()).isTrue();
    }

    @Test
    void untilIdleGoesNoFurtherThanItsLimit() {
        leaveWorkInFlight();
        long before = Lab.end(machine).nowPs();
        assertThat(advance(new Advance.UntilIdle(MICROSECOND)).stoppedBy()).isEqualTo(StoppedBy.LIMIT);
        assertThat(Lab.end(machine).nowPs()).isEqualTo(before + MICROSECOND);
    }

    @Test
    void eventsAreCounted() {
        leaveWorkInFlight();
        long fired = machine.clock().join().eventsFired();
        for (int count : new int[] {1, 2, 5_000}) {
            AdvanceResult result = advance(new Advance.Events(count));
            assertThat(result.stoppedBy()).isEqualTo(StoppedBy.EVENTS);
            assertThat(result.eventsFired()).isEqualTo(count);
            fired += count;
            assertThat(machine.clock().join().eventsFired()).isEqualTo(fired);
        }
    }

    @Test
    void askedForEventsAMachineWithNoneStaysWhereItIs() {
        AdvanceResult result = advance(new Advance.Events(3));
        assertThat(result.stoppedBy()).isEqualTo(StoppedBy.IDLE);
        assertThat(result.nowNs()).isZero();
        assertThat(lab.refused(machine.advance(new Advance.Events(0), null))).isEqualTo("MEANINGLESS no-events");
    }

    @Test
    void theEventBudgetEndsAnyAdvance() {
        begin(Limits.with().eventsPerAdvance(3_000));
        leaveWorkInFlight();
        AdvanceResult byTime = advance(new Advance.By(DAY));
        assertThat(byTime.stoppedBy()).isEqualTo(StoppedBy.EVENTS);
        assertThat(byTime.eventsFired()).isEqualTo(3_000);
        assertThat(advance(new Advance.Events(3_001)).eventsFired()).isEqualTo(3_000);
        assertThat(advance(new Advance.Events(2_999)).eventsFired()).isEqualTo(2_999);
    }

    @Test
    void aDurationBeyondTheHorizonEndsAtIt() {
        AdvanceResult result = advance(new Advance.By(Long.MAX_VALUE));
        assertThat(result.stoppedBy()).isEqualTo(StoppedBy.HORIZON);
        assertThat(Lab.end(machine).nowPs()).isEqualTo(EventLoop.HORIZON_PS);
        assertThat(machine.clock().join().stoppedBy()).isEqualTo(StoppedBy.HORIZON);
    }

    @Test
    void atTheHorizonNothingGoesOn() {
        advance(new Advance.Until(EventLoop.HORIZON_PS));
        assertThat(lab.refused(machine.execute(Lab.buffer(64)))).isEqualTo("CONFLICT horizon-reached");
        assertThat(lab.refused(machine.advance(new Advance.By(1), null))).isEqualTo("CONFLICT horizon-reached");
        assertThat(lab.refused(machine.patchClock(ClockState.RUNNING, null, null)))
                .isEqualTo("CONFLICT horizon-reached");
        assertThat(machine.look(faces -> faces.memory().state().buffers()).join())
                .isZero();
    }

    @Test
    void aCallThatWouldReturnBeyondTheHorizonDoesNot() {
        advance(new Advance.Until(EventLoop.HORIZON_PS - 1));
        assertThat(lab.refused(machine.execute(Lab.buffer(64)))).isEqualTo("CONFLICT horizon-reached");
    }

    @Test
    void theWallBudgetIsCheckedBetweenSlicesAndTheCutIsReplayed() {
        begin(Limits.with().wallBudgetMillis(1));
        leaveWorkInFlight();
        lab.wall.stepAtEveryReading(2_000_000);
        AdvanceResult result = advance(new Advance.UntilIdle(DAY));
        lab.wall.stepAtEveryReading(0);
        assertThat(result.stoppedBy()).isEqualTo(StoppedBy.WALL_BUDGET);
        assertThat(result.eventsFired()).as("one slice on the caller's thread").isEqualTo(Writer.INLINE_EVENTS);
        JournalEnd end = Lab.end(machine);
        assertThat(lastRecorded()).isEqualTo(new Advanced(end.nowPs(), end.fired(), StoppedBy.WALL_BUDGET));
        assertThat(Lab.replayed(machine.journal().join())).isEqualTo(end);
    }

    @Test
    void anAdvanceJustWithinItsWallBudgetGoesOn() {
        begin(Limits.with().wallBudgetMillis(1));
        leaveWorkInFlight();
        CompletableFuture<AdvanceResult> advance = machine.advance(new Advance.Events(20_000), null);
        lab.wall.move(999_999);
        assertThat(lab.done(advance).stoppedBy()).isEqualTo(StoppedBy.EVENTS);
    }

    @Test
    void aCancelledAdvanceStaysWhereItGotAndIsReplayed() {
        leaveWorkInFlight();
        Cancellation cancellation = new Cancellation();
        CompletableFuture<AdvanceResult> advance = machine.advance(new Advance.UntilIdle(DAY), cancellation);
        assertThat(advance).isNotDone();
        cancellation.request();
        AdvanceResult result = lab.done(advance);
        assertThat(result.stoppedBy()).isEqualTo(StoppedBy.CANCELLED);
        assertThat(result.eventsFired()).isEqualTo(Writer.INLINE_EVENTS);
        assertThat(lastRecorded().stoppedBy()).isEqualTo(StoppedBy.CANCELLED);
        assertThat(Lab.replayed(machine.journal().join())).isEqualTo(Lab.end(machine));
    }

    @Test
    void aRunningMachineIsNotAdvanced() {
        machine = lab.running();
        assertThat(lab.refused(machine.advance(new Advance.By(1), null))).isEqualTo("CONFLICT clock-running");
    }

    @Test
    void looksAreAnsweredDuringALongAdvance() {
        leaveWorkInFlight();
        CompletableFuture<AdvanceResult> advance = machine.advance(new Advance.UntilIdle(DAY), null);
        CompletableFuture<ClockView> look = machine.clock();
        lab.hands.workOnce();
        assertThat(look).isDone();
        assertThat(look.join().idle()).isFalse();
        assertThat(lab.done(advance).stoppedBy()).isEqualTo(StoppedBy.IDLE);
    }
}
