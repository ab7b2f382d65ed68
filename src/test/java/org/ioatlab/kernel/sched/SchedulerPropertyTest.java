package org.ioatlab.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.Observation;
import org.ioatlab.observe.Symbol;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

/**
 * Random machines with random tasks, wake-ups, interrupts, softirqs, timers and affinities: no task is lost, none runs in two places, bound ones
 * stay, nobody is busier than time allows, timers expire at their tick, and it doesn't matter in how many steps the clock goes or who looks.
 */
class SchedulerPropertyTest {
    private static final long END_PS = 60 * Picoseconds.PER_MILLISECOND;

    /** One random machine; what it does follows from the seed alone. */
    private static final class World {
        final EventLoop loop = new EventLoop();
        final SeededRandom random;
        final Processors processors;
        final Observation observation;
        final List<RandomTask> tasks = new ArrayList<>();
        final List<InterruptLine> lines = new ArrayList<>();

        World(long seed) {
            random = new SeededRandom(seed);
            CpuTopology topology = new CpuTopology(1 + random.nextInt(3), 1 + random.nextInt(2), 1 + random.nextInt(2));
            observation = new Observation(topology.logicalCpus());
            Platform platform = Platform.load("xeon-e7520");
            processors = new Processors(loop, topology.assemble(new Frequency(3400), 62, observation), platform);
            processors.onSoftirq(Softirq.TASKLET, on -> {
                on.spend(Symbol.MEMCPY, random.nextInt(20_000));
                randomTask().wake(on);
                return random.nextInt(3) == 0;
            });
            for (int i = 0; i < 3; i++) {
                lines.add(processors.requestInterrupt("line" + i, randomCpu(), on -> {
                    on.spend(Symbol.E1000_INTR, random.nextInt(5_000));
                    on.raise(Softirq.TASKLET);
                    randomTask().wake(on);
                }));
            }
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                tasks.add(new RandomTask("task" + i, this));
            }
            new Stirring(this).again();
        }

        int randomCpu() {
            return random.nextInt(processors.count());
        }

        RandomTask randomTask() {
            return tasks.get(random.nextInt(tasks.size()));
        }

        String digest() {
            StateHash hash = new StateHash();
            loop.hashInto(hash);
            processors.hashInto(hash);
            tasks.forEach(task -> task.feed(hash));
            random.hashInto(hash);
            return hash.hex();
        }

        void checkNow() {
            int onProcessors = 0;
            for (int i = 0; i < processors.count(); i++) {
                Processor processor = processors.get(i);
                long elapsed = processor.cpu().frequency().cyclesAtOrAfter(loop.nowPs());
                assertThat(processor.busyCycles()).isBetween(0L, elapsed);
                assertThat(processor.ticks()).isLessThanOrEqualTo(loop.nowPs() / Picoseconds.PER_MILLISECOND);
                onProcessors += processor.tasks().runnable();
            }
            long wanting = tasks.stream()
                    .filter(task -> task.state() != Task.State.SLEEPING && task.state() != Task.State.EXITED)
                    .count();
            assertThat(onProcessors)
                    .as("no ready task is lost, none is twice there")
                    .isEqualTo((int) wanting);
            assertThat(processors.load().runnable()).isEqualTo(onProcessors);
        }
    }

    /** Does random things at random instants. */
    private static final class Stirring extends Event {
        private final World world;

        Stirring(World world) {
            this.world = world;
        }

        void again() {
            world.loop.scheduleAfter(this, 1 + world.random.nextInt(300_000_000));
        }

        @Override
        protected void fire() {
            SeededRandom random = world.random;
            RandomTask task = world.randomTask();
            switch (random.nextInt(6)) {
                case 0 -> task.wake();
                case 1 -> task.wakeAt(world.loop.nowPs() + random.nextInt(2_000_000_000));
                case 2 -> world.lines.get(random.nextInt(3)).interrupt(0);
                case 3 -> world.lines.get(random.nextInt(3)).setAffinity(world.processors.get(world.randomCpu()));
                case 4 -> world.processors.get(world.randomCpu()).raise(Softirq.TASKLET);
                default -> task.bindSomewhere();
            }
            world.checkNow();
            again();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("stir");
        }
    }

    /** Computes, spins, sleeps, yields and arms timers at random. */
    private static final class RandomTask extends Task {
        private final World world;
        private final List<RandomTimer> timers = new ArrayList<>();
        private CpuMask allowed = CpuMask.ALL;
        private long busyUntilPs;

        RandomTask(String name, World world) {
            super(name, world.processors.get(world.randomCpu()));
            this.world = world;
            timers.add(new RandomTimer(this));
        }

        void bindSomewhere() {
            allowed = world.random.nextInt(3) == 0 ? CpuMask.ALL : CpuMask.of(world.randomCpu(), world.randomCpu());
            setAffinity(allowed);
        }

        @Override
        protected Next resume() {
            SeededRandom random = world.random;
            assertThat(processor().cpu().cursorPs())
                    .as("one slice after the other")
                    .isGreaterThanOrEqualTo(busyUntilPs);
            assertThat(allowed.contains(processor().cpu().id())).isTrue();
            processor().spend(Symbol.MEMCPY, random.nextInt(random.nextInt(10) == 0 ? 5_000_000 : 50_000));
            if (random.nextInt(4) == 0) {
                timers.getFirst().armSomewhen(processor());
            }
            busyUntilPs = processor().cpu().cursorPs();
            return switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> Next.SLEEP;
                case 4, 5 -> Next.SPIN;
                case 6, 7, 8 -> Next.YIELD;
                default -> Next.CONTINUE;
            };
        }
    }

    /** Wakes its task. */
    private static final class RandomTimer extends KernelTimer {
        private final RandomTask task;
        private long earliestPs;
        private long latestPs;

        RandomTimer(RandomTask task) {
            this.task = task;
        }

        void armSomewhen(Processor on) {
            long atPs = on.nowPs() + task.world.random.nextInt(2_000_000_000) * 5L;
            long jiffy = Picoseconds.PER_MILLISECOND;
            earliestPs = (Math.max(atPs, on.nowPs() + 1) + jiffy - 1) / jiffy * jiffy;
            task.world.processors.timers().arm(this, atPs, on);
        }

        @Override
        protected void expire(Work on) {
            assertThat(on.nowPs()).isGreaterThanOrEqualTo(earliestPs);
            latestPs = Math.max(latestPs, on.nowPs() - earliestPs);
            task.wake(on);
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put(task.name());
        }
    }

    @Test
    void noTaskIsLostAndTheStepsOfTheClockMakeNoDifference() {
        Seeds.forEach(seed -> {
            World once = new World(seed);
            once.loop.run(END_PS, Long.MAX_VALUE, false);
            World often = new World(seed);
            SeededRandom steps = new SeededRandom(~seed);
            for (long at = 0; at < END_PS; at += steps.nextInt(2_000_000_000)) {
                often.loop.run(at, Long.MAX_VALUE, false);
                often.checkNow();
            }
            often.loop.run(END_PS, Long.MAX_VALUE, false);
            assertThat(often.digest()).isEqualTo(once.digest());
            for (int cpu = 0; cpu < once.processors.count(); cpu++) {
                for (Symbol symbol : Symbol.values()) {
                    assertThat(often.observation.profile().samples().of(cpu, symbol))
                            .isEqualTo(once.observation.profile().samples().of(cpu, symbol));
                }
            }
            once.checkNow();
        });
    }
}
