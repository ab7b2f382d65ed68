package org.ioatlab.kernel.sched;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.hardware.memory.MemorySystem;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** All processors of a machine as the kernel runs them, its softirq actions and its interrupt lines. */
public final class Processors {
    private static final int FIRST_IRQ = 16;

    private final EventLoop loop;
    private final List<Processor> processors = new ArrayList<>();
    private final Softirq.@Nullable Action[] actions = new Softirq.@Nullable Action[Softirq.values().length];
    private final List<InterruptLine> lines = new ArrayList<>();
    private final long deliveryPs;
    private final LoadAverage load = new LoadAverage();
    private final Timers timers;

    /** The same without memory: what accesses it costs nothing. */
    public Processors(EventLoop loop, List<Cpu> cpus, Platform platform) {
        this(loop, cpus, platform, null);
    }

    /**
     * One processor for each of {@code cpus}, by number.
     *
     * @param memory what their accesses cost
     * @throws IllegalArgumentException if the platform's timer ticks take more than half of the time
     */
    public Processors(EventLoop loop, List<Cpu> cpus, Platform platform, @Nullable MemorySystem memory) {
        this.loop = loop;
        deliveryPs = platform.get(Parameter.INTERRUPT_DELIVERY_NS) * Picoseconds.PER_NANOSECOND;
        requireRoomForTicks(platform, cpus.size());
        TickCosts costs = TickCosts.of(platform);
        Balancer balancer = new Balancer(loop, processors);
        for (Cpu cpu : cpus) {
            LocalTimer timer = new LocalTimer(cpu, costs, SchedDomain.of(cpu, cpus));
            processors.add(new Processor(loop, cpu, actions, timer, balancer, load, platform, memory));
        }
        timers = new Timers(this, platform);
    }

    /**
     * Checks that timer ticks leave time for work.
     *
     * @throws IllegalArgumentException if they take more than half of it on a machine of {@code count} processors
     */
    public static void requireRoomForTicks(Platform platform, int count) {
        Frequency frequency = new Frequency(platform.get(Parameter.CPU_FREQUENCY_MHZ));
        TickCosts.of(platform).requireRoom(count, frequency);
    }

    /** How many there are. */
    public int count() {
        return processors.size();
    }

    /** The processor with that number. */
    public Processor get(int cpu) {
        return processors.get(cpu);
    }

    /** The machine's events. */
    public EventLoop loop() {
        return loop;
    }

    /** The kernel's timers. */
    public Timers timers() {
        return timers;
    }

    /** How many tasks want to run. */
    public LoadAverage load() {
        return load;
    }

    /** Charges idle processors' ticks up to now; whoever looks at the profile calls this first. */
    public void settle() {
        for (int i = 0; i < processors.size(); i++) {
            processors.get(i).settle();
        }
    }

    /** Sets clocks and accounts back to 0, as at the end of a boot. */
    public void restart() {
        for (int i = 0; i < processors.size(); i++) {
            processors.get(i).restart();
        }
        load.restart();
    }

    /** Says what a kind of deferred work does, on every processor. */
    public void onSoftirq(Softirq softirq, Softirq.Action action) {
        actions[softirq.ordinal()] = action;
    }

    /** Registers an action for a new vector, steered to processor {@code cpu}. */
    public InterruptLine requestInterrupt(String name, int cpu, InterruptLine.Action action) {
        InterruptLine line =
                new InterruptLine(FIRST_IRQ + lines.size(), name, get(cpu), processors.size(), deliveryPs, action);
        lines.add(line);
        return line;
    }

    /** All vectors ever registered, by number. */
    public List<InterruptLine> lines() {
        return List.copyOf(lines);
    }

    /** Feeds every processor and vector. */
    public void hashInto(StateHash hash) {
        for (int i = 0; i < processors.size(); i++) {
            processors.get(i).hashInto(hash);
        }
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).hashInto(hash);
        }
        timers.hashInto(hash);
        load.hashInto(hash, loop.nowPs());
    }
}
