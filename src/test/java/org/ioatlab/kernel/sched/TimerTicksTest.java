package org.ioatlab.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.Observation;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

/**
 * A tick costs 1 + 2 + 4 + 8 cycles (interrupt, accounting, time slice, softirq), and 16 for looking at domains if there are several
 * processors; balancing a domain 100 and 10 for each processor of it; going to halt 1000. A cycle takes a nanosecond.
 */
class TimerTicksTest {
    private static final long US = Picoseconds.PER_MICROSECOND;
    private static final Map<String, Long> COSTS = Map.of(
            "timerInterruptCycles", 1L,
            "updateProcessTimesCycles", 2L,
            "schedulerTickCycles", 4L,
            "runTimerSoftirqCycles", 8L,
            "rebalanceTickCycles", 16L,
            "loadBalanceCycles", 100L,
            "findBusiestGroupCycles", 10L,
            "defaultIdleCycles", 1000L,
            "contextSwitchCycles", 0L,
            "softirqEntryCycles", 0L);

    private final EventLoop loop = new EventLoop();
    private Observation observation = new Observation(1);
    private Processors processors = machine(1, 1);

    private Processors machine(int sockets, int threads) {
        CpuTopology topology = new CpuTopology(sockets, 1, threads);
        observation = new Observation(topology.logicalCpus());
        return new Processors(
                loop,
                topology.assemble(new Frequency(1000), 100, observation),
                Platform.load("xeon-e7520").with(FreeTicks.COSTS).with(COSTS));
    }

    private void runTo(long microseconds) {
        loop.run(microseconds * US, 1_000_000, false);
    }

    private long cycles(int cpu, Symbol symbol) {
        processors.settle();
        return observation.profile().cycles(cpu, symbol);
    }

    private String digest() {
        StateHash hash = new StateHash();
        loop.hashInto(hash);
        processors.hashInto(hash);
        return hash.hex();
    }

    /** Computes for a while, in slices of 300 microseconds, and ends. */
    private final class Busy extends Task {
        private int slices;

        Busy(Processor on, int slices) {
            super("busy", on);
            this.slices = slices;
        }

        @Override
        protected Next resume() {
            processor().spend(Symbol.MEMCPY, 300_000);
            return --slices > 0 ? Next.CONTINUE : Next.EXIT;
        }
    }

    /** Spins until woken. */
    private static final class Spinner extends Task {
        private boolean looked;

        Spinner(Processor on) {
            super("spinner", on);
        }

        @Override
        protected Next resume() {
            Next next = looked ? Next.EXIT : Next.SPIN;
            looked = true;
            return next;
        }

        @Override
        protected Symbol spinSymbol() {
            return Symbol.READL;
        }
    }

    private void at(long microseconds, Runnable action) {
        loop.schedule(
                new Event() {
                    @Override
                    protected void fire() {
                        action.run();
                    }

                    @Override
                    protected void hashInto(StateHash hash) {
                        hash.put("action");
                    }
                },
                microseconds * US);
    }

    @Test
    void anIdleProcessorsTicksAreArithmeticAndNoEvents() {
        runTo(10_500);
        assertThat(loop.fired()).isZero();
        assertThat(loop.isIdle()).isTrue();
        assertThat(processors.get(0).ticks()).isEqualTo(10);
        assertThat(processors.get(0).busyCycles()).isEqualTo(10 * 1015);
        assertThat(cycles(0, Symbol.TIMER_INTERRUPT)).isEqualTo(10);
        assertThat(cycles(0, Symbol.UPDATE_PROCESS_TIMES)).isEqualTo(20);
        assertThat(cycles(0, Symbol.SCHEDULER_TICK)).isEqualTo(40);
        assertThat(cycles(0, Symbol.RUN_TIMER_SOFTIRQ)).isEqualTo(80);
        assertThat(cycles(0, Symbol.DEFAULT_IDLE)).isEqualTo(10_000);
        assertThat(cycles(0, Symbol.REBALANCE_TICK)).as("alone").isZero();
    }

    @Test
    void aHundredDaysOfTicksAreChargedAtOnce() {
        loop.run(EventLoop.HORIZON_PS, 1, false);
        assertThat(processors.get(0).ticks()).isEqualTo(100L * 86_400 * 1000 - 1);
        assertThat(observation.profile().samples().of(0, Symbol.DEFAULT_IDLE))
                .isEqualTo((8_640_000_000L - 1) * 1000 / 100_000);
    }

    @Test
    void aTickCountsWhenItIsOver() {
        loop.run(1000 * US + 1_014_999, 1, false);
        assertThat(processors.get(0).ticks()).isZero();
        loop.run(1000 * US + 1_015_000, 1, false);
        assertThat(processors.get(0).ticks()).isEqualTo(1);
    }

    @Test
    void idleThreadsBalanceTheirCoreEverySecondTickAndAllProcessorsEveryFourth() {
        processors = machine(2, 2);
        runTo(8_500);
        for (int cpu = 0; cpu < 4; cpu++) {
            assertThat(cycles(cpu, Symbol.REBALANCE_TICK)).isEqualTo(8 * 16);
            assertThat(cycles(cpu, Symbol.LOAD_BALANCE)).isEqualTo((4 + 2) * 100);
            assertThat(cycles(cpu, Symbol.FIND_BUSIEST_GROUP)).isEqualTo((4 * 2 + 2 * 4) * 10);
        }
    }

    @Test
    void processorsBalanceAtTicksOfTheirOwn() {
        processors = machine(4, 1);
        runTo(1_500);
        // Processor n is due at the ticks k with k + n a multiple of four.
        assertThat(cycles(3, Symbol.LOAD_BALANCE)).isEqualTo(100);
        assertThat(cycles(0, Symbol.LOAD_BALANCE)).isZero();
        runTo(4_500);
        assertThat(cycles(0, Symbol.LOAD_BALANCE)).isEqualTo(100);
    }

    @Test
    void aBusyProcessorTakesATickAtTheEndOfTheItem() {
        new Busy(processors.get(0), 5).wake();
        runTo(1_199);
        assertThat(processors.get(0).ticks()).isZero();
        runTo(1_400);
        assertThat(processors.get(0).ticks()).isEqualTo(1);
        runTo(1_900);
        // Five slices, one tick, and going to halt.
        assertThat(processors.get(0).busyCycles()).isEqualTo(5 * 300_000 + 15 + 1000);
        assertThat(cycles(0, Symbol.DEFAULT_IDLE)).isEqualTo(1000);
    }

    @Test
    void anItemThatOutlastsTicksIsFollowedByAllOfThem() {
        processors.onSoftirq(Softirq.TASKLET, on -> {
            on.spend(Symbol.MEMCPY, 3_500_000);
            return false;
        });
        processors.get(0).raise(Softirq.TASKLET);
        runTo(3_499);
        assertThat(processors.get(0).ticks()).isZero();
        runTo(3_600);
        assertThat(processors.get(0).ticks()).isEqualTo(3);
        assertThat(processors.get(0).busyCycles()).isEqualTo(3_500_000 + 3 * 1015);
    }

    @Test
    void workThatComesDuringATickWaitsForItsEnd() {
        long[] beganPs = new long[1];
        processors.onSoftirq(Softirq.TASKLET, on -> {
            beganPs[0] = on.nowPs();
            return false;
        });
        at(1000, () -> processors.get(0).raise(Softirq.TASKLET));
        runTo(2_000);
        assertThat(beganPs[0]).isEqualTo(1000 * US + 1_015_000);
    }

    @Test
    void workThatComesOnTheWayToHaltDoesNotWait() {
        long[] beganPs = new long[1];
        processors.onSoftirq(Softirq.TASKLET, on -> {
            beganPs[0] = on.nowPs();
            return false;
        });
        processors.get(0).raise(Softirq.TASKLET);
        loop.run(300_000, 100, false);
        assertThat(processors.get(0).busyCycles()).isEqualTo(300);
        processors.get(0).raise(Softirq.TASKLET);
        runTo(500);
        assertThat(beganPs[0]).isEqualTo(300_000);
        assertThat(cycles(0, Symbol.DEFAULT_IDLE)).isEqualTo(300 + 1000);
    }

    /** At 3400 MHz no instant below is a whole number of cycles. */
    @Test
    void aLookOnTheWayToHaltDoesNotMakeTheProcessorSeemBusy() {
        CpuTopology topology = new CpuTopology(1, 1, 2);
        observation = new Observation(2);
        processors = new Processors(
                loop,
                topology.assemble(new Frequency(3400), 62, observation),
                Platform.load("xeon-e7520").with(FreeTicks.COSTS).with(COSTS));
        new Busy(processors.get(0), 1).wake();
        loop.run(88_300_000, Long.MAX_VALUE, false);
        for (long ps = 1; ps < 1000; ps += 7) {
            loop.run(loop.nowPs() + ps, Long.MAX_VALUE, false);
            processors.settle();
            assertThat(processors.get(0).cpu().isBusyAt(loop.nowPs())).isFalse();
        }
        assertThat(cycles(0, Symbol.DEFAULT_IDLE)).as("still on the way").isBetween(100L, 900L);
    }

    @Test
    void aTaskThatSleepsMakesItsProcessorLookForAnother() {
        processors = machine(2, 1);
        new Busy(processors.get(0), 1).wake();
        runTo(900);
        assertThat(cycles(0, Symbol.LOAD_BALANCE)).isEqualTo(100);
        assertThat(cycles(0, Symbol.FIND_BUSIEST_GROUP)).isEqualTo(20);
        assertThat(cycles(0, Symbol.DEFAULT_IDLE)).isEqualTo(1000);
    }

    @Test
    void ticksTakeTheirShareOfASpin() {
        Spinner spinner = new Spinner(processors.get(0));
        spinner.wake();
        runTo(2_500);
        assertThat(processors.get(0).ticks()).isEqualTo(2);
        assertThat(processors.get(0).busyCycles()).isEqualTo(2_500_000);
        at(3_500, spinner::wake);
        runTo(3_600);
        assertThat(cycles(0, Symbol.READL)).isEqualTo(3_500_000 - 3 * 15);
        assertThat(cycles(0, Symbol.TIMER_INTERRUPT)).isEqualTo(3);
    }

    /** The same run, looked at now and then, ends in the same state. */
    @Test
    void lookingChangesNothing() {
        runWithLooks(false);
        String unseen = digest();
        long profile = observation.profile().samples().of(0, Symbol.DEFAULT_IDLE);
        TimerTicksTest other = new TimerTicksTest();
        other.runWithLooks(true);
        assertThat(other.digest()).isEqualTo(unseen);
        assertThat(other.observation.profile().samples().of(0, Symbol.DEFAULT_IDLE))
                .isEqualTo(profile);
    }

    private void runWithLooks(boolean look) {
        processors = machine(2, 2);
        at(3_000, () -> processors.get(0).raise(Softirq.TASKLET));
        at(3_700, new Busy(processors.get(1), 20)::wake);
        Spinner spinner = new Spinner(processors.get(2));
        at(4_001, spinner::wake);
        at(7_002, spinner::wake);
        long step = look ? US / 3 : 20_000 * US;
        for (long at = 0; at <= 20_000 * US; at += step) {
            loop.run(at, 1_000_000, false);
            if (look) {
                processors.settle();
            }
        }
        runTo(20_000);
        processors.settle();
    }

    @Test
    void ticksMustLeaveHalfOfTheTime() {
        Map<String, Long> costs = new LinkedHashMap<>(COSTS);
        costs.put("cpuFrequencyMhz", 1000L);
        costs.put("timerInterruptCycles", 500_000L);
        Platform slow = Platform.load("xeon-e7520").with(costs);
        assertThatThrownBy(() -> new Processors(
                        loop, new CpuTopology(1, 1, 1).assemble(new Frequency(1000), 100, observation), slow))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than half");
    }
}
