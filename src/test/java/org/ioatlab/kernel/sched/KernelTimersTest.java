package org.ioatlab.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Observation;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

/** Timers on two processors of 1000 MHz whose ticks are a millisecond apart and cost nothing. Instants are in microseconds. */
class KernelTimersTest {
    private static final long US = 1_000_000;
    private static final Platform PLATFORM = Platform.load("xeon-5160")
            .with(Map.of(
                    "cpuFrequencyMhz", 1000L,
                    "softirqEntryCycles", 1000L,
                    "armTimerCycles", 2000L,
                    "timerExpiryCycles", 3000L))
            .with(FreeTicks.COSTS);

    private final EventLoop loop = new EventLoop();
    private final Observation observation = new Observation(2);
    private final Processors processors =
            new Processors(loop, new CpuTopology(2, 1, 1).assemble(new Frequency(1000), 100, observation), PLATFORM);
    private final Timers timers = processors.timers();
    private final Processor first = processors.get(0);
    private final List<String> log = new ArrayList<>();

    /** Notes when it expires. */
    private class Noted extends KernelTimer {
        private final String name;

        Noted(String name) {
            this(name, false);
        }

        Noted(String name, boolean background) {
            super(background);
            this.name = name;
        }

        @Override
        protected void expire(Work on) {
            log.add(name + "@" + on.nowPs() / US);
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put(name);
        }
    }

    private void runTo(long microseconds) {
        loop.run(microseconds * US, 100_000, false);
    }

    private String digest() {
        StateHash hash = new StateHash();
        loop.hashInto(hash);
        processors.hashInto(hash);
        return hash.hex();
    }

    @Test
    void aTimerExpiresInTheSoftirqOfTheFirstTickAtOrAfterItsInstant() {
        timers.arm(new Noted("later"), 1001 * US, first);
        timers.arm(new Noted("sooner"), 1000 * US, first);
        assertThat(loop.nextPs()).isEqualTo(1000 * US);
        runTo(3000);
        // One softirq entry and one timer's cycles after the tick.
        assertThat(log).containsExactly("sooner@1004", "later@2004");
        assertThat(observation.profile().cycles(0, Symbol.MOD_TIMER)).isEqualTo(2 * 2000);
        assertThat(first.softirqCount(Softirq.TIMER)).isEqualTo(3);
    }

    @Test
    void timersOfOneTickExpireInTheOrderOfArming() {
        for (String name : List.of("c", "a", "b")) {
            timers.arm(new Noted(name), 400 * US, first);
        }
        runTo(3000);
        assertThat(log).containsExactly("c@1004", "a@1007", "b@1010");
    }

    @Test
    void anInstantThatIsPastMeansTheNextTick() {
        runTo(5000);
        timers.arm(new Noted("late"), 100 * US, first);
        runTo(10_000);
        assertThat(log).containsExactly("late@6004");
    }

    @Test
    void aTimerExpiresOnTheProcessorThatArmedIt() {
        timers.arm(
                new KernelTimer() {
                    @Override
                    protected void expire(Work on) {
                        log.add("on " + (on == processors.get(1)));
                    }

                    @Override
                    protected void hashInto(StateHash hash) {}
                },
                US,
                processors.get(1));
        runTo(2000);
        assertThat(log).containsExactly("on true");
    }

    @Test
    void aTimerMayBeArmedAgainWhenItExpiresAndMovedWhileItIsPending() {
        Noted periodic = new Noted("periodic") {
            @Override
            protected void expire(Work on) {
                super.expire(on);
                assertThat(isPending()).isFalse();
                timers.arm(this, on.nowPs(), on);
            }
        };
        timers.arm(periodic, 100 * US, first);
        timers.arm(periodic, 1500 * US, first);
        assertThat(periodic.isPending()).isTrue();
        assertThat(periodic.expiresPs()).isEqualTo(1500 * US);
        runTo(4500);
        assertThat(log).containsExactly("periodic@2004", "periodic@3004", "periodic@4004");
    }

    @Test
    void aTimerThatIsTakenBackNeverExpires() {
        Noted timer = new Noted("never");
        timers.cancel(timer);
        timers.arm(timer, 100 * US, first);
        timers.cancel(timer);
        assertThat(timer.isPending()).isFalse();
        assertThat(loop.isIdle()).isTrue();
        runTo(5000);
        assertThat(log).isEmpty();
    }

    @Test
    void aTimerWhoseTickHasComeCanBeTakenBackOrMovedUntilItExpires() {
        Noted gone = new Noted("gone");
        Noted moved = new Noted("moved");
        Noted decider = new Noted("decider") {
            @Override
            protected void expire(Work on) {
                super.expire(on);
                assertThat(gone.isPending() && moved.isPending()).isTrue();
                timers.cancel(gone);
                timers.arm(moved, 2500 * US, on);
            }
        };
        timers.arm(decider, 500 * US, first);
        timers.arm(gone, 500 * US, first);
        timers.arm(moved, 500 * US, first);
        timers.arm(new Noted("last"), 500 * US, first);
        runTo(5000);
        // The decider's arming costs two microseconds.
        assertThat(log).containsExactly("decider@1004", "last@1009", "moved@3004");
    }

    @Test
    void aBackgroundTimerLeavesAMachineIdle() {
        timers.arm(new Noted("keep-alive", true), 7000 * US, first);
        assertThat(loop.isIdle()).isTrue();
        runTo(8000);
        assertThat(log).containsExactly("keep-alive@7004");
    }

    @Test
    void aTimerBeyondAllTimeStaysPending() {
        Noted timer = new Noted("never");
        timers.arm(timer, Long.MAX_VALUE, first);
        runTo(1000);
        assertThat(timer.isPending()).isTrue();
    }

    @Test
    void armedAndDueTimersArePartOfTheState() {
        List<String> digests = new ArrayList<>();
        Noted timer = new Noted("timer");
        digests.add(digest());
        timers.arm(timer, 100 * US, first);
        digests.add(digest());
        loop.run(1000 * US, 1, false);
        digests.add(digest());
        timers.cancel(timer);
        digests.add(digest());
        assertThat(digests).doesNotHaveDuplicates();
    }

    @Test
    void onlyProcessorsArmTheKernelsTimers() {
        assertThatThrownBy(() -> timers.arm(new Noted("stray"), US, outside()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHostWithoutAKernelGetsExactlyTheInstant() {
        DirectTimers direct = new DirectTimers(loop);
        Noted timer = new Noted("exact");
        direct.arm(timer, 123 * US, outside());
        direct.arm(new Noted("past"), 0, outside());
        direct.arm(timer, 124 * US, outside());
        Noted never = new Noted("never");
        direct.arm(never, 50 * US, outside());
        direct.cancel(never);
        runTo(1000);
        assertThat(log).containsExactly("past@0", "exact@124");
        assertThat(timer.isPending()).isFalse();
    }

    private Work outside() {
        return new Work() {
            @Override
            public void spend(Symbol symbol, long cycles) {}

            @Override
            public void spend(CostList costs) {}

            @Override
            public long nowPs() {
                return loop.nowPs();
            }
        };
    }
}
