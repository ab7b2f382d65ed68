package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.ioatlab.machine.MemoryCommand;
import org.ioatlab.machine.MemoryViews;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A PAUSED machine moves only as asked. */
class PausedClockTest {
    private static final long A_DAY = 86_400_000_000_000L;
    private static final int MANY_PAGES = 10_000;

    private final Lab lab = new Lab(Limits.with().machineLifetimeDays(1000).make());
    private final MachineHandle machine = lab.paused();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aNewMachineStandsAtItsBeginning() {
        ClockView clock = machine.clock().join();
        assertThat(clock.nowNs()).isZero();
        assertThat(clock.lagNs()).isZero();
        assertThat(clock.version()).isEqualTo(1);
        assertThat(clock.setting().state()).isEqualTo(ClockState.PAUSED);
        assertThat(clock.stoppedBy()).isNull();
    }

    @Test
    void aCommandRunsOnTheMachineUntilItsCallReturns() {
        MemoryViews.Buffer buffer = machine.execute(Lab.buffer(4096)).join();
        assertThat(buffer.id()).isEqualTo("b1");
        assertThat(machine.clock().join().nowNs()).isPositive();
        assertThat(machine.clock().join().idle()).isTrue();
    }

    @Test
    void theWallClockDoesNotMoveIt() {
        machine.execute(Lab.buffer(64)).join();
        JournalEnd before = Lab.end(machine);
        lab.pass(A_DAY);
        assertThat(Lab.end(machine)).isEqualTo(before);
    }

    @Test
    void looksChangeNothing() {
        machine.execute(Lab.buffer(64)).join();
        JournalEnd before = Lab.end(machine);
        for (int i = 0; i < 10; i++) {
            machine.look(faces -> faces.memory().state()).join();
            machine.clock().join();
        }
        assertThat(Lab.end(machine)).isEqualTo(before);
    }

    @Test
    void aRefusedCommandChangesNothingAndIsNotRecorded() {
        machine.execute(Lab.buffer(64)).join();
        JournalFile before = machine.journal().join();
        assertThat(lab.refused(machine.execute(new MemoryCommand.FreeBuffer("b7", 0))))
                .isEqualTo("UNKNOWN unknown-buffer");
        assertThat(machine.journal().join()).isEqualTo(before);
    }

    @Test
    void aCallThatFailsAfterItBeganIsRecorded() {
        assertThat(lab.refused(machine.execute(Lab.pages(40_000)))).isEqualTo("OUT_OF_MEMORY out-of-memory");
        assertThat(machine.journal().join().entries()).hasSize(1);
        assertThat(machine.clock().join().nowNs()).isPositive();
    }

    @Test
    void aLongCallGoesOnAmongTheWorkersInSlices() {
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(MANY_PAGES));
        assertThat(call).isNotDone();
        assertThat(lab.hands.waiting()).isEqualTo(1);
        assertThat(lab.done(call).pages()).hasSize(MANY_PAGES);
    }

    @Test
    void looksTakeTheirTurnBetweenTheSlicesOfALongCall() {
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(MANY_PAGES));
        CompletableFuture<ClockView> look = machine.clock();
        assertThat(look).as("somebody is at work on the machine").isNotDone();
        lab.hands.workOnce();
        assertThat(look).isDone();
        assertThat(look.join().eventsFired()).isLessThan(MANY_PAGES);
        assertThat(lab.done(call).pages()).hasSize(MANY_PAGES);
    }

    @Test
    void commandsGoStrictlyOneAfterAnother() {
        CompletableFuture<MemoryViews.Pages> first = machine.execute(Lab.pages(MANY_PAGES));
        CompletableFuture<MemoryViews.Buffer> second = machine.execute(Lab.buffer(64));
        CompletableFuture<MemoryViews.Buffer> third = machine.execute(Lab.buffer(64));
        CompletableFuture<Void> inOrder = second.thenRun(() -> assertThat(first).isDone());
        assertThat(lab.done(third).id()).isEqualTo("b2");
        assertThat(second.join().id()).isEqualTo("b1");
        inOrder.join();
        var entries = machine.journal().join().entries();
        assertThat(entries.get(1).firedBefore()).isGreaterThan(MANY_PAGES);
        assertThat(entries.get(2).atPs()).isGreaterThan(entries.get(1).atPs());
    }

    @Test
    void otherMachinesGetTheirTurnBetweenSlices() {
        MachineHandle other = lab.paused();
        CompletableFuture<MemoryViews.Pages> longer = machine.execute(Lab.pages(30_000));
        CompletableFuture<MemoryViews.Pages> shorter = other.execute(Lab.pages(5_000));
        while (!shorter.isDone()) {
            assertThat(lab.hands.workOnce()).isTrue();
        }
        assertThat(longer.isDone()).isFalse();
        assertThat(lab.refused(longer)).isEqualTo("OUT_OF_MEMORY out-of-memory");
    }

    @Test
    void aCancelledCommandLeavesItsCallInFlight() {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(MANY_PAGES), cancellation);
        cancellation.request();
        assertThat(lab.refused(call)).isEqualTo("CONFLICT cancelled");
        assertThat(machine.clock().join().idle()).isFalse();
        lab.done(machine.advance(new Advance.UntilIdle(1_000_000_000_000L), null));
        assertThat(machine.look(faces -> faces.memory().state().pages()).join()).isEqualTo(MANY_PAGES);
        assertThat(Lab.replayed(machine.journal().join())).isEqualTo(Lab.end(machine));
    }

    @Test
    void aCommandCancelledBeforeItsTurnIsNeverApplied() {
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        assertThat(lab.refused(machine.execute(Lab.buffer(64), cancellation))).isEqualTo("CONFLICT cancelled");
        assertThat(machine.journal().join().entries()).isEmpty();
    }

    @Test
    void aReaderThatFailsHarmsNobody() {
        CompletableFuture<Object> look = machine.look(_ -> {
            throw new IllegalStateException("clumsy");
        });
        assertThat(look).isCompletedExceptionally();
        assertThat(machine.execute(Lab.buffer(64)).join().id()).isEqualTo("b1");
    }

    @Test
    void whoIsToldOfAnAnswerMayAskForMore() {
        CompletableFuture<MemoryViews.Buffer> second =
                machine.execute(Lab.pages(MANY_PAGES)).thenCompose(_ -> machine.execute(Lab.buffer(64)));
        assertThat(lab.done(second).id()).isEqualTo("b1");
    }
}
