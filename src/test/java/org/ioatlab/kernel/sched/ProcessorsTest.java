package org.ioatlab.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.Observation;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

/**
 * At 1000 MHz a cycle takes a nanosecond, and all instants below are in nanoseconds. An interrupt takes 500 ns to arrive and 100 cycles to
 * enter, a softirq 10, a switch between threads, the idle one included, 50; timer ticks and going idle cost nothing.
 */
class ProcessorsTest {
    private static final long NS = 1000;
    private static final Platform PLATFORM = Platform.load("xeon-5160")
            .with(Map.of(
                    "cpuFrequencyMhz", 1000L,
                    "interruptDeliveryNs", 500L,
                    "interruptEntryCycles", 100L,
                    "softirqEntryCycles", 10L,
                    "contextSwitchCycles", 50L))
            .with(FreeTicks.COSTS);

    private final EventLoop loop = new EventLoop();
    private final Observation observation = new Observation(2);
    private final List<Cpu> cpus = new CpuTopology(2, 1, 1).assemble(new Frequency(1000), 100, observation);
    private final Processors processors = new Processors(loop, cpus, PLATFORM);
    private final Processor first = processors.get(0);
    private final List<String> log = new ArrayList<>();

    /** Notes {@code what} with the instant that the processor's work has reached. */
    private void note(Processor on, String what) {
        log.add(what + "@" + on.cpu().cursorPs() / NS);
    }

    private void runTo(long ns) {
        loop.run(ns * NS, 100_000, false);
    }

    private void at(long ns, Runnable action) {
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
                ns * NS);
    }

    /** A task whose slices are given one by one; each notes when it begins and costs some cycles. */
    private final class Scripted extends Task {
        private final List<Supplier<Next>> slices = new ArrayList<>();

        Scripted(String name, Processor on) {
            super(name, on);
        }

        Scripted slice(long cycles, Next next) {
            slices.add(() -> {
                note(processor(), name());
                processor().spend(Symbol.MEMCPY, cycles);
                return next;
            });
            return this;
        }

        Scripted slice(Supplier<Next> body) {
            slices.add(body);
            return this;
        }

        @Override
        protected Next resume() {
            return slices.removeFirst().get();
        }

        @Override
        protected Symbol spinSymbol() {
            return Symbol.DMA_MEMCPY_COMPLETE;
        }

        @Override
        protected void exited() {
            log.add(name() + " exited@" + loop.nowPs() / NS);
        }
    }

    private Scripted task(String name) {
        return new Scripted(name, first);
    }

    private InterruptLine line(String name, long cycles) {
        return processors.requestInterrupt(name, 0, on -> {
            note(on, name);
            on.spend(Symbol.E1000_INTR, cycles);
        });
    }

    private void softirq(Softirq kind, int items, long cyclesAnItem) {
        int[] left = {items};
        processors.onSoftirq(kind, on -> {
            note(on, kind.name());
            on.spend(Symbol.NET_RX_ACTION, cyclesAnItem);
            return --left[0] > 0;
        });
    }

    private long cycles(Symbol symbol) {
        return observation.profile().cycles(0, symbol);
    }

    @Test
    void processorsWithNothingToDoCostNoEvents() {
        assertThat(loop.isIdle()).isTrue();
        runTo(1_000_000);
        assertThat(loop.fired()).isZero();
        assertThat(first.cpu().busyCyclesAt(loop.nowPs())).isZero();
    }

    @Test
    void aTaskRunsSliceBySliceAndExitsAtTheEndOfTheLast() {
        Scripted task = task("copy").slice(100, Task.Next.CONTINUE).slice(30, Task.Next.EXIT);
        assertThat(task.state()).isEqualTo(Task.State.SLEEPING);
        runTo(1000);
        task.wake();
        assertThat(task.state()).isEqualTo(Task.State.READY);
        runTo(5000);
        assertThat(log).containsExactly("copy@1050", "copy@1150", "copy exited@1180");
        assertThat(task.state()).isEqualTo(Task.State.EXITED);
        assertThat(first.current()).isNull();
        assertThat(cycles(Symbol.SWITCH_TO))
                .as("there and back to the idle thread")
                .isEqualTo(2 * 50);
        assertThat(cycles(Symbol.MEMCPY)).isEqualTo(130);
        assertThat(first.cpu().busyCyclesAt(loop.nowPs())).isEqualTo(230);
    }

    @Test
    void goingToSleepAndBeingWokenAreASwitchEachAndSleepingCostsNothing() {
        Scripted task = task("reader").slice(10, Task.Next.SLEEP).slice(10, Task.Next.EXIT);
        task.wake();
        runTo(500);
        assertThat(task.state()).isEqualTo(Task.State.SLEEPING);
        assertThat(loop.isIdle()).isTrue();
        at(1000, task::wake);
        runTo(5000);
        assertThat(log).containsExactly("reader@50", "reader@1050", "reader exited@1060");
        assertThat(cycles(Symbol.SWITCH_TO)).isEqualTo(4 * 50);
        assertThat(first.switches()).isEqualTo(4);
    }

    @Test
    void wakingAReadyOrExitedTaskDoesNothing() {
        Scripted task = task("once").slice(10, Task.Next.EXIT);
        task.wake();
        task.wake();
        runTo(100);
        task.wake();
        task.wakeAt(500 * NS);
        assertThat(loop.isIdle()).isTrue();
        runTo(1000);
        assertThat(log).containsExactly("once@50", "once exited@60");
    }

    @Test
    void aSleepEndsAtTheEarliestInstantNamed() {
        Scripted task = task("sleeper")
                .slice(10, Task.Next.SLEEP)
                .slice(10, Task.Next.SLEEP)
                .slice(10, Task.Next.EXIT);
        task.wakeAt(300 * NS);
        task.wakeAt(400 * NS);
        task.wakeAt(200 * NS);
        runTo(1000);
        assertThat(log).containsExactly("sleeper@250");
        task.wakeAt(500 * NS);
        assertThat(log).as("an instant in the past is now").hasSize(1);
        runTo(1000);
        assertThat(log).containsExactly("sleeper@250", "sleeper@1050");
        task.wakeAt(9_000 * NS);
        at(2_000, task::wake);
        runTo(20_000);
        assertThat(log).containsExactly("sleeper@250", "sleeper@1050", "sleeper@2050", "sleeper exited@2060");
    }

    @Test
    void aTaskThatIsWokenByItsOwnSliceDoesNotFallAsleep() {
        Scripted task = task("self");
        task.slice(() -> {
                    task.wakeAt(10_000 * NS);
                    task.wake();
                    return Task.Next.SLEEP;
                })
                .slice(10, Task.Next.EXIT);
        task.wake();
        runTo(1000);
        assertThat(log).containsExactly("self@50", "self exited@60");
    }

    @Test
    void aTaskThatYieldsLetsOthersRunAndEverySwitchIsChargedOnce() {
        task("a")
                .slice(10, Task.Next.YIELD)
                .slice(10, Task.Next.YIELD)
                .slice(10, Task.Next.EXIT)
                .wake();
        task("b")
                .slice(10, Task.Next.CONTINUE)
                .slice(10, Task.Next.YIELD)
                .slice(10, Task.Next.EXIT)
                .wake();
        runTo(5000);
        assertThat(log)
                .containsExactly("a@50", "b@110", "b@120", "a@180", "b@240", "b exited@250", "a@300", "a exited@310");
        assertThat(cycles(Symbol.SWITCH_TO))
                .as("five, and one to the idle thread")
                .isEqualTo(6 * 50);
    }

    @Test
    void aTaskThatYieldsAloneGoesOnAtOnce() {
        task("alone").slice(10, Task.Next.YIELD).slice(10, Task.Next.EXIT).wake();
        runTo(5000);
        assertThat(log).containsExactly("alone@50", "alone@60", "alone exited@70");
    }

    @Test
    void interruptsComeBeforeSoftirqsAndThoseBeforeTasks() {
        softirq(Softirq.NET_RX, 1, 20);
        softirq(Softirq.HI, 1, 20);
        InterruptLine nic = line("nic", 30);
        task("task").slice(1000, Task.Next.CONTINUE).slice(10, Task.Next.EXIT).wake();
        at(100, () -> {
            first.raise(Softirq.NET_RX);
            first.raise(Softirq.HI);
            nic.interrupt(0);
        });
        runTo(5000);
        assertThat(log)
                .containsExactly("task@50", "nic@1150", "HI@1190", "NET_RX@1210", "task@1230", "task exited@1240");
    }

    @Test
    void anInterruptIsTakenBetweenItems() {
        softirq(Softirq.NET_RX, 4, 300);
        InterruptLine dma = line("dma", 40);
        first.raise(Softirq.NET_RX);
        at(0, () -> dma.interrupt(0));
        runTo(5000);
        // It arrives at 500, within the second item, which ends at 610.
        assertThat(log).containsExactly("NET_RX@10", "NET_RX@310", "dma@710", "NET_RX@750", "NET_RX@1050");
        assertThat(first.softirqCount(Softirq.NET_RX)).isEqualTo(1);
        assertThat(cycles(Symbol.DO_SOFTIRQ)).isEqualTo(10);
    }

    @Test
    void anItemBeginsWhenTheClockHasReachedTheEndOfTheOneBefore() {
        processors.onSoftirq(Softirq.NET_RX, on -> {
            log.add("poll at " + loop.nowPs() / NS);
            return false;
        });
        InterruptLine nic = processors.requestInterrupt("nic", 0, on -> {
            on.spend(Symbol.E1000_INTR, 200);
            on.raise(Softirq.NET_RX);
            on.spend(Symbol.E1000_INTR, 2000);
        });
        nic.interrupt(0);
        at(1500, () -> log.add("device at 1500"));
        runTo(5000);
        assertThat(log).containsExactly("device at 1500", "poll at 2800");
    }

    @Test
    void aTaskWokenByAnItemBeginsAfterIt() {
        Scripted reader = task("reader").slice(() -> {
            log.add("reader at " + loop.nowPs() / NS);
            return Task.Next.EXIT;
        });
        processors.onSoftirq(Softirq.NET_RX, on -> {
            reader.wake();
            on.spend(Symbol.NET_RX_ACTION, 990);
            return false;
        });
        first.raise(Softirq.NET_RX);
        runTo(5000);
        assertThat(log).containsExactly("reader at 1000", "reader exited@1050");
    }

    @Test
    void messagesThatArriveWhileOneWaitsAreMergedWithIt() {
        InterruptLine nic = line("nic", 30);
        task("task").slice(2000, Task.Next.EXIT).wake();
        for (long ns : new long[] {10, 20, 600, 1500}) {
            at(ns, () -> nic.interrupt(0));
        }
        at(1700, () -> nic.interrupt(0));
        runTo(10_000);
        assertThat(nic.count(0)).isEqualTo(1);
        assertThat(log).containsExactly("task@50", "task exited@2050", "nic@2200");
    }

    @Test
    void aMessageThatComesAfterItsInterruptWasTakenIsAnother() {
        InterruptLine nic = line("nic", 30);
        at(0, () -> nic.interrupt(0));
        at(501, () -> nic.interrupt(0));
        runTo(10_000);
        assertThat(log).containsExactly("nic@600", "nic@1101");
        assertThat(nic.count(0)).isEqualTo(2);
        assertThat(nic.count(1)).isZero();
    }

    @Test
    void interruptsOfSeveralLinesAreTakenInOrderOfArrival() {
        InterruptLine a = line("a", 30);
        InterruptLine b = line("b", 30);
        assertThat(a.irq()).isEqualTo(16);
        assertThat(b.irq()).isEqualTo(17);
        at(0, () -> b.interrupt(0));
        at(1, () -> a.interrupt(0));
        task("task").slice(2000, Task.Next.EXIT).wake();
        runTo(10_000);
        assertThat(log).containsExactly("task@50", "task exited@2050", "b@2200", "a@2330");
    }

    @Test
    void anInterruptGoesWhereItIsSteered() {
        InterruptLine nic = line("nic", 30);
        nic.setAffinity(processors.get(1));
        nic.interrupt(0);
        runTo(1000);
        assertThat(nic.count(0)).isZero();
        assertThat(nic.count(1)).isEqualTo(1);
        assertThat(first.cpu().busyCyclesAt(loop.nowPs())).isZero();
        assertThat(processors.get(1).cpu().busyCyclesAt(loop.nowPs())).isEqualTo(130);
    }

    @Test
    void aSpinIsBusyUntilWokenAndChargedToItsSymbol() {
        Scripted poller = task("poller").slice(10, Task.Next.SPIN).slice(10, Task.Next.EXIT);
        poller.wake();
        runTo(500);
        assertThat(poller.state()).isEqualTo(Task.State.SPINNING);
        assertThat(loop.isIdle()).as("waiting costs no events").isTrue();
        assertThat(first.cpu().busyCyclesAt(loop.nowPs())).isEqualTo(500);
        at(1000, poller::wake);
        runTo(5000);
        assertThat(log).containsExactly("poller@50", "poller@1000", "poller exited@1010");
        assertThat(cycles(Symbol.DMA_MEMCPY_COMPLETE)).isEqualTo(940);
        assertThat(first.cpu().busyCyclesAt(loop.nowPs())).isEqualTo(1060);
    }

    @Test
    void aSpinWokenBeforeItsSliceEndsCostsNothing() {
        Scripted poller = task("poller").slice(1000, Task.Next.SPIN).slice(10, Task.Next.EXIT);
        poller.wake();
        at(200, poller::wake);
        runTo(5000);
        assertThat(log).containsExactly("poller@50", "poller@1050", "poller exited@1060");
        assertThat(cycles(Symbol.DMA_MEMCPY_COMPLETE)).isZero();
    }

    @Test
    void interruptsPreemptASpinWhichThenGoesOn() {
        InterruptLine nic = line("nic", 30);
        Scripted poller = task("poller").slice(10, Task.Next.SPIN).slice(10, Task.Next.EXIT);
        poller.wake();
        at(500, () -> nic.interrupt(0));
        at(3000, poller::wake);
        runTo(2000);
        assertThat(poller.state()).isEqualTo(Task.State.SPINNING);
        assertThat(first.current()).isSameAs(poller);
        assertThat(first.cpu().busyCyclesAt(loop.nowPs())).isEqualTo(2000);
        runTo(5000);
        assertThat(log).containsExactly("poller@50", "nic@1100", "poller@3000", "poller exited@3010");
        assertThat(cycles(Symbol.DMA_MEMCPY_COMPLETE)).isEqualTo((1000 - 60) + (3000 - 1130));
        assertThat(cycles(Symbol.SWITCH_TO)).isEqualTo(2 * 50);
    }

    @Test
    void anInterruptThatWakesTheSpinnerEndsTheSpin() {
        Scripted poller = task("poller").slice(10, Task.Next.SPIN).slice(10, Task.Next.EXIT);
        InterruptLine dma = processors.requestInterrupt("dma", 0, on -> {
            poller.wake();
            on.spend(Symbol.IOAT_DO_INTERRUPT, 200);
        });
        poller.wake();
        at(500, () -> dma.interrupt(0));
        runTo(5000);
        assertThat(log).containsExactly("poller@50", "poller@1300", "poller exited@1310");
    }

    @Test
    void aSpinnerLetsAReadyTaskRunAndLooksAgainAfterIt() {
        Scripted poller = task("poller")
                .slice(10, Task.Next.SPIN)
                .slice(10, Task.Next.SPIN)
                .slice(10, Task.Next.EXIT);
        Scripted other = task("other").slice(100, Task.Next.EXIT);
        poller.wake();
        at(500, other::wake);
        at(900, poller::wake);
        runTo(5000);
        // 500: switch, other to 650; switch back, the poller looks at 700 and spins until it is woken.
        assertThat(log)
                .containsExactly(
                        "poller@50", "other@550", "other exited@650", "poller@700", "poller@900", "poller exited@910");
        assertThat(cycles(Symbol.DMA_MEMCPY_COMPLETE)).isEqualTo((500 - 60) + (900 - 710));
    }

    @Test
    void aKindOfSoftirqCountsEachTimeItIsTakenUpAndEntersOnce() {
        softirq(Softirq.NET_RX, 3, 10);
        softirq(Softirq.TASKLET, 1, 10);
        first.raise(Softirq.NET_RX);
        first.raise(Softirq.TASKLET);
        runTo(1000);
        assertThat(log).containsExactly("NET_RX@10", "NET_RX@20", "NET_RX@30", "TASKLET@40");
        assertThat(first.softirqCount(Softirq.NET_RX)).isEqualTo(1);
        assertThat(first.softirqCount(Softirq.TASKLET)).isEqualTo(1);
        assertThat(cycles(Symbol.DO_SOFTIRQ)).isEqualTo(10);
        first.raise(Softirq.TASKLET);
        runTo(2000);
        assertThat(first.softirqCount(Softirq.TASKLET)).isEqualTo(2);
        assertThat(cycles(Symbol.DO_SOFTIRQ)).isEqualTo(20);
    }

    @Test
    void aMoreUrgentSoftirqGoesBetweenTheItemsOfALessUrgentOne() {
        softirq(Softirq.NET_RX, 3, 100);
        softirq(Softirq.HI, 1, 10);
        first.raise(Softirq.NET_RX);
        at(50, () -> first.raise(Softirq.HI));
        runTo(1000);
        assertThat(log).containsExactly("NET_RX@10", "HI@110", "NET_RX@120", "NET_RX@220");
        assertThat(first.softirqCount(Softirq.NET_RX)).isEqualTo(1);
        assertThat(first.softirqCount(Softirq.HI)).isEqualTo(1);
    }

    @Test
    void aSoftirqWithoutAnActionIsForgotten() {
        first.raise(Softirq.SCSI);
        runTo(1000);
        assertThat(loop.isIdle()).isTrue();
        assertThat(log).isEmpty();
    }

    @Test
    void processorsWorkSideBySide() {
        task("left").slice(100, Task.Next.CONTINUE).slice(100, Task.Next.EXIT).wake();
        new Scripted("right", processors.get(1))
                .slice(150, Task.Next.CONTINUE)
                .slice(10, Task.Next.EXIT)
                .wake();
        runTo(1000);
        assertThat(log)
                .containsExactly("left@50", "right@50", "left@150", "right@200", "right exited@210", "left exited@250");
    }

    @Test
    void workThatFindsTheProcessorBusyWaitsForItsEnd() {
        task("task").slice(1000, Task.Next.SLEEP).wake();
        softirq(Softirq.NET_RX, 1, 10);
        at(300, () -> first.raise(Softirq.NET_RX));
        runTo(5000);
        assertThat(log).containsExactly("task@50", "NET_RX@1110");
    }

    @Test
    void theHashSeesEveryKindOfWaitingWork() {
        List<String> hashes = new ArrayList<>();
        hashes.add(hash());
        first.raise(Softirq.NET_RX);
        hashes.add(hash());
        Scripted sleeper = task("sleeper").slice(10, Task.Next.SPIN).slice(10, Task.Next.EXIT);
        sleeper.wake();
        hashes.add(hash());
        runTo(1000);
        hashes.add(hash());
        sleeper.wake();
        hashes.add(hash());
        line("nic", 10).interrupt(0);
        hashes.add(hash());
        assertThat(hashes).doesNotHaveDuplicates();
    }

    private String hash() {
        StateHash hash = new StateHash();
        loop.hashInto(hash);
        processors.hashInto(hash);
        return hash.hex();
    }
}
