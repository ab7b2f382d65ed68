package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ioatlab.machine.MemoryViews;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fleet with threads of its own, on the host's clock: everything that is asked comes to an end by itself. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FleetThreadsTest {
    private final Fleet fleet = Fleet.open(WallClock.SYSTEM, Limits.with().make(), 2);

    @AfterEach
    void close() {
        fleet.close();
    }

    private MachineHandle make(ClockState state, long rate) {
        return fleet.create(Lab.creation(null, state, rate), true).join().machine();
    }

    @Test
    void longWorkOnPausedMachinesGoesOn() {
        List<CompletableFuture<MemoryViews.Pages>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(make(ClockState.PAUSED, ClockSetting.REAL_TIME).execute(Lab.pages(10_000)));
        }
        assertThat(calls).allSatisfy(call -> assertThat(call.join().pages()).hasSize(10_000));
    }

    @Test
    void callsOnRunningMachinesReturnInTheirTime() {
        MachineHandle machine = make(ClockState.RUNNING, ClockSetting.REAL_TIME);
        for (int i = 1; i <= 20; i++) {
            assertThat(machine.execute(Lab.buffer(64)).join().id()).isEqualTo("b" + i);
        }
        MachineHandle slow = make(ClockState.RUNNING, 10 * ClockSetting.SLOWEST);
        assertThat(slow.execute(Lab.pages(3)).join().pages()).hasSize(3);
    }

    @Test
    void aRunningMachineUnderManyThreadsAnswersThemAllAndIsMadeAgain() throws Exception {
        MachineHandle machine = make(ClockState.RUNNING, ClockSetting.FASTEST);
        List<Thread> threads = new ArrayList<>();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int call = 0; call < 200; call++) {
                    CompletableFuture<?> one = machine.execute(Lab.buffer(64));
                    synchronized (calls) {
                        calls.add(one);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                .exceptionally(_ -> null)
                .join();
        machine.patchClock(ClockState.PAUSED, null, null).join();
        JournalFile journal = machine.journal().join();
        assertThat(Lab.replayed(journal)).isEqualTo(journal.end());
    }

    @Test
    void closingEndsWhatIsUnderWay() {
        MachineHandle machine = make(ClockState.RUNNING, ClockSetting.SLOWEST);
        CompletableFuture<MemoryViews.Pages> call = machine.execute(Lab.pages(10_000));
        fleet.close();
        assertThat(call.handle((pages, problem) -> pages == null).join()).isTrue();
    }
}
