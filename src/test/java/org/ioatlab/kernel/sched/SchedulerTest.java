package org.ioatlab.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
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
 * Priorities, slices, preemption and balancing of Linux 2.6.12's scheduler, and ksoftirqd. A cycle takes a nanosecond; ticks, switches and
 * entries are free, a wake-up costs 1000 and its message to another processor 300 ns. Instants are in microseconds.
 */
class SchedulerTest {
    private static final long US = Picoseconds.PER_MICROSECOND;
    private static final long MS = Picoseconds.PER_MILLISECOND;
    private static final Platform PLATFORM = Platform.load("xeon-e7520")
            .with(FreeTicks.COSTS)
            .with(Map.of(
                    "cpuFrequencyMhz", 1000L,
                    "wakeUpCycles", 1000L,
                    "contextSwitchCycles", 0L,
                    "softirqEntryCycles", 0L,
                    "interruptEntryCycles", 0L,
                    "crossCallLatencyNs", 300L));

    private final EventLoop loop = new EventLoop();
    private final List<String> log = new ArrayList<>();
    private Observation observation = new Observation(1);
    private Processors processors = machine(1, 1);

    private Processors machine(int sockets, int threads) {
        CpuTopology topology = new CpuTopology(sockets, 1, threads);
        observation = new Observation(topology.logicalCpus());
        processors = new Processors(loop, topology.assemble(new Frequency(1000), 100, observation), PLATFORM);
        return processors;
    }

    private Processor cpu(int number) {
        return processors.get(number);
    }

    private void runTo(long microseconds) {
        loop.run(microseconds * US, 10_000_000, false);
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

    /** Runs slices of a length, each noted when another task or processor ran before it; ends after a number of them, or sleeps. */
    private class Worker extends Task {
        private final long cyclesASlice;
        private final Next then;
        private int slices;
        private int done;

        Worker(String name, Processor on, int slices, long microsecondsASlice, Next then) {
            super(name, on);
            this.slices = slices;
            this.then = then;
            cyclesASlice = microsecondsASlice * 1000;
        }

        @Override
        protected Next resume() {
            String note = name() + "/" + processor().cpu().id();
            if (log.isEmpty() || !log.getLast().startsWith(note + "@")) {
                log.add(note + "@" + processor().nowPs() / US);
            }
            processor().spend(Symbol.MEMCPY, cyclesASlice);
            done++;
            return --slices > 0 ? Next.CONTINUE : then;
        }
    }

    private Worker hog(String name, int cpu, int milliseconds) {
        return new Worker(name, cpu(cpu), milliseconds, 1000, Task.Next.EXIT);
    }

    @Test
    void tasksOfOneLevelTakeTurnsOfAHundredMilliseconds() {
        hog("a", 0, 150).wake();
        hog("b", 0, 150).wake();
        runTo(400_000);
        assertThat(log).containsExactly("a/0@0", "b/0@100000", "a/0@200000", "b/0@250000");
    }

    /** 500 ms of its sleep average to begin with; 100 ms of sleep bring five levels. */
    @Test
    void aTaskThatSleptRunsBeforeOneThatComputesAtTheEndOfAnItem() {
        Worker sleeper = new Worker("sleeper", cpu(0), 1, 10, Task.Next.SLEEP);
        hog("hog", 0, 120).wake();
        at(100_500, sleeper::wake);
        runTo(110_000);
        assertThat(log).containsExactly("hog/0@0", "sleeper/0@101000", "hog/0@101010");
    }

    @Test
    void aTaskThatIsNoMoreUrgentWaitsForTheEndOfTheSlice() {
        hog("first", 0, 120).wake();
        at(500, hog("second", 0, 1)::wake);
        runTo(130_000);
        assertThat(log).containsExactly("first/0@0", "second/0@100000", "first/0@101000");
    }

    @Test
    void aTaskThatComputedIsLessUrgentThanANewOne() {
        hog("old", 0, 400).wake();
        at(350_500, () -> hog("new", 0, 3).wake());
        runTo(360_000);
        assertThat(log).containsExactly("old/0@0", "new/0@351000", "old/0@354000");
    }

    @Test
    void wakingASleeperCostsWhoeverDoesIt() {
        machine(2, 1);
        Worker local = new Worker("local", cpu(0), 1, 1, Task.Next.SLEEP);
        Worker remote = new Worker("remote", cpu(1), 1, 1, Task.Next.SLEEP);
        processors.onSoftirq(Softirq.TASKLET, on -> {
            local.wake(on);
            local.wake(on);
            remote.wake(on);
            return false;
        });
        cpu(0).raise(Softirq.TASKLET);
        loop.run(2_299_999, 100, false);
        assertThat(log).containsExactly("local/0@2");
        runTo(10);
        assertThat(log).containsExactly("local/0@2", "remote/1@2");
        assertThat(observation.profile().cycles(0, Symbol.TRY_TO_WAKE_UP)).isEqualTo(2 * 1000);
    }

    @Test
    void anIdleProcessorTakesAWaitingTaskAtItsBalancingTick() {
        machine(2, 1);
        hog("a", 0, 9).wake();
        Worker waiting = hog("b", 0, 9);
        waiting.wake();
        runTo(20_000);
        // Processor 1 balances at ticks 3, 7, ...
        assertThat(log).startsWith("a/0@0", "b/1@3000").noneMatch(entry -> entry.startsWith("b/0"));
        assertThat(waiting.migrations()).isEqualTo(1);
        assertThat(cpu(1).migrations()).isEqualTo(1);
        assertThat(cpu(0).migrations()).isZero();
        assertThat(loop.isIdle()).isTrue();
    }

    @Test
    void aProcessorWhoseTaskEndsTakesAWaitingOneAtOnce() {
        machine(2, 1);
        hog("long", 0, 9).wake();
        new Worker("short", cpu(1), 1, 400, Task.Next.EXIT).wake();
        at(100, hog("waiting", 0, 2)::wake);
        runTo(20_000);
        assertThat(log).containsSubsequence("long/0@0", "short/1@0", "waiting/1@400");
        assertThat(cpu(1).migrations()).isEqualTo(1);
    }

    @Test
    void aTaskBoundToItsProcessorStays() {
        machine(2, 1);
        hog("a", 0, 9).wake();
        Worker bound = hog("bound", 0, 9);
        bound.setAffinity(CpuMask.of(0));
        bound.wake();
        runTo(30_000);
        assertThat(log).containsExactly("a/0@0", "bound/0@9000");
    }

    @Test
    void aWokenTaskWhoseProcessorIsBusyGoesToAnIdleThreadOfTheCore() {
        machine(2, 2);
        Worker woken = new Worker("woken", cpu(1), 1, 10, Task.Next.SLEEP);
        woken.wake();
        at(100, hog("hog", 1, 9)::wake);
        at(500, woken::wake);
        runTo(5_000);
        // Processors 1 and 3 are the threads of the second socket's core.
        assertThat(log).startsWith("woken/1@0", "hog/1@100", "woken/3@500");
    }

    @Test
    void aProcessorThatDoesNothingButSoftirqsIsIdleToAWokenTask() {
        machine(2, 2);
        Worker woken = new Worker("woken", cpu(1), 1, 10, Task.Next.SLEEP);
        woken.wake();
        processors.onSoftirq(Softirq.NET_RX, on -> {
            woken.wake(on);
            on.spend(Symbol.NET_RX_ACTION, 99_000);
            return false;
        });
        at(500, () -> cpu(1).raise(Softirq.NET_RX));
        runTo(5_000);
        assertThat(log).containsExactly("woken/1@0");
        assertThat(cpu(1).migrations() + cpu(3).migrations()).isZero();
        assertThat(observation.profile().cycles(1, Symbol.MEMCPY)).isEqualTo(2 * 10_000);
    }

    @Test
    void aNewTaskBeginsWhereItsParentRunsUntilAnIdleThreadBalances() {
        machine(2, 2);
        hog("parent", 1, 9).wake();
        at(500, hog("child", 1, 1)::wake);
        runTo(5_000);
        assertThat(log).startsWith("parent/1@0", "child/3@1000");
    }

    @Test
    void aTaskGoesWhereItsNewAffinityAllows() {
        machine(3, 1);
        Worker running = hog("running", 0, 9);
        Worker ready = hog("ready", 0, 9);
        Worker sleeping = hog("sleeping", 0, 1);
        running.wake();
        ready.wake();
        at(1_500, () -> {
            running.setAffinity(CpuMask.of(1));
            ready.setAffinity(CpuMask.of(2));
            sleeping.setAffinity(CpuMask.of(2, 0));
        });
        at(15_000, sleeping::wake);
        runTo(20_000);
        // The item that runs ends at 2000, and processor 1 begins when it has.
        assertThat(log)
                .containsSubsequence("running/0@0", "ready/2@1500", "running/1@2000")
                .endsWith("sleeping/0@15000");
        assertThat(running.done + ready.done).isEqualTo(18);
    }

    @Test
    void aSpinnerLeavesAProcessorThatItMayNotUse() {
        machine(2, 1);
        Worker spinner = new Worker("spinner", cpu(0), 1, 10, Task.Next.SPIN);
        spinner.wake();
        at(500, () -> spinner.setAffinity(CpuMask.of(1)));
        runTo(800);
        assertThat(log).containsExactly("spinner/0@0", "spinner/1@500");
        assertThat(cpu(0).busyCycles()).isEqualTo(500_000);
        assertThat(cpu(1).current()).isSameAs(spinner);
    }

    @Test
    void anAffinityNamesProcessors() {
        assertThatThrownBy(CpuMask::of).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CpuMask.of(0, -1)).isInstanceOf(IllegalArgumentException.class);
        CpuMask mask = CpuMask.of(3, 64, 255);
        assertThat(mask.contains(3) && mask.contains(64) && mask.contains(255)).isTrue();
        assertThat(mask.contains(0) || mask.contains(65) || mask.contains(256)).isFalse();
        assertThat(mask.isSingle() || CpuMask.ALL.isSingle()).isFalse();
        assertThat(CpuMask.of(200).isSingle() && CpuMask.ALL.contains(255)).isTrue();
    }

    /** Each round of the softirq lasts 100 microseconds and asks for another: without ksoftirqd tasks would never run. */
    @Test
    void aFloodOfSoftirqsLeavesTasksMostOfTheTimeBetweenTicks() {
        processors.onSoftirq(Softirq.NET_RX, on -> {
            on.spend(Symbol.NET_RX_ACTION, 10_000);
            on.raise(Softirq.NET_RX);
            return false;
        });
        cpu(0).raise(Softirq.NET_RX);
        Worker fine = new Worker("fine", cpu(0), 100_000, 10, Task.Next.EXIT);
        fine.wake();
        runTo(100_000);
        assertThat(cpu(0).cycles(Processor.Account.SOFTIRQ)).isEqualTo(100 * 10 * 10_000 + 1000);
        assertThat(fine.done).isEqualTo(9_000);
        assertThat(cpu(0).softirqCount(Softirq.NET_RX)).isEqualTo(1_000);
    }

    @Test
    void withoutTasksKsoftirqdGoesOnWithTheFlood() {
        int[] left = {1_000};
        processors.onSoftirq(Softirq.NET_RX, on -> {
            on.spend(Symbol.NET_RX_ACTION, 10_000);
            if (--left[0] > 0) {
                on.raise(Softirq.NET_RX);
            }
            return false;
        });
        cpu(0).raise(Softirq.NET_RX);
        runTo(150);
        assertThat(cpu(0).current()).isNotNull();
        assertThat(cpu(0).current().name()).isEqualTo("ksoftirqd/0");
        runTo(20_000);
        assertThat(cpu(0).softirqCount(Softirq.NET_RX)).isEqualTo(1_000);
        assertThat(cpu(0).busyCycles()).isEqualTo(1_000 * 10_000 + 1_000);
        assertThat(loop.isIdle()).isTrue();
    }

    @Test
    void timeIsAccountedByWhatRan() {
        new Worker("program", cpu(0), 3, 10, Task.Next.EXIT) {
            @Override
            protected Processor.Account account() {
                return Processor.Account.USER;
            }
        }.wake();
        hog("system", 0, 1).wake();
        processors
                .requestInterrupt("nic", 0, on -> on.spend(Symbol.E1000_INTR, 77))
                .interrupt(0);
        runTo(2_000);
        assertThat(cpu(0).cycles(Processor.Account.USER)).isEqualTo(30_000);
        assertThat(cpu(0).cycles(Processor.Account.SYSTEM)).isEqualTo(1_000_000);
        assertThat(cpu(0).cycles(Processor.Account.IRQ)).isEqualTo(77);
        assertThat(cpu(0).cycles(Processor.Account.SOFTIRQ)).isZero();
    }

    /** Two tasks for a minute: 2 (1 - 1/e) over one minute; then they are gone and the average falls, without events. */
    @Test
    void theLoadAverageFollowsTheTasksThatWantToRun() {
        hog("a", 0, 60_000).wake();
        hog("b", 0, 60_000).wake();
        runTo(60_000_000);
        assertThat(processors.load().hundredths(0, loop.nowPs())).isBetween(125L, 127L);
        assertThat(processors.load().runnable()).isEqualTo(2);
        runTo(120_000_000);
        long fired = loop.fired();
        loop.run(3_600_000 * MS, 10, false);
        assertThat(loop.fired()).isEqualTo(fired);
        assertThat(processors.load().hundredths(0, loop.nowPs())).isLessThanOrEqualTo(1);
        assertThat(processors.load().tasks()).isZero();
        assertThat(processors.load().started()).isEqualTo(2);
    }
}
