package org.ioatlab.kernel.mm;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.observe.Observation;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;

/**
 * How much heap the ground floors of a machine take: clock, four processors, observation, 128 MiB of memory (96 low) and its allocators,
 * new and after what a boot does. Prints bytes an instance, by part.
 */
public final class MachineFootprint {
    private static final int INSTANCES = 2_000;
    private static final int CPUS = 4;
    private static final Platform PLATFORM = Platform.load("xeon-e7520");

    private record Ground(EventLoop loop, Observation observation, Processors processors, KernelMemory memory) {}

    private MachineFootprint() {}

    public static void main(String[] args) {
        bytes(MachineFootprint::ground); // warms up what a first measurement would count
        print("clock", EventLoop::new);
        print("observation", () -> new Observation(CPUS));
        print("clock, observation, processors", MachineFootprint::processors);
        print("bytes of memory", () -> new PhysicalMemory(128 * 256));
        print("page allocator", () -> new PageAllocator(4, 96, 128, CPUS, PLATFORM));
        print("all, new", MachineFootprint::ground);
        print("all, 2 MiB of pages allocated", () -> pages(ground()));
        print("all, also 300 slab objects", () -> objects(pages(ground())));
        print("all, also 20 pages touched", () -> touched(objects(pages(ground()))));
    }

    private static Processors processors() {
        Observation observation = new Observation(CPUS);
        return new Processors(
                new EventLoop(), new CpuTopology(2, 1, 2).assemble(new Frequency(3400), 62, observation), PLATFORM);
    }

    private static Ground ground() {
        Observation observation = new Observation(CPUS);
        EventLoop loop = new EventLoop();
        Processors processors =
                new Processors(loop, new CpuTopology(2, 1, 2).assemble(new Frequency(3400), 62, observation), PLATFORM);
        PageAllocator pages = new PageAllocator(4, 96, 128, CPUS, PLATFORM);
        return new Ground(
                loop,
                observation,
                processors,
                new KernelMemory(new PhysicalMemory(pages.frames()), pages, CPUS, PLATFORM));
    }

    private static Ground pages(Ground ground) {
        for (int i = 0; i < 512; i++) {
            ground.memory.pages().allocate(ZoneKind.LOW, ground.processors.get(0));
        }
        return ground;
    }

    /** As a receive ring's header buffers and a channel's descriptors. */
    private static Ground objects(Ground ground) {
        for (int i = 0; i < 300; i++) {
            ground.memory.allocate(i < 256 ? 512 : 64, ground.processors.get(0));
        }
        return ground;
    }

    private static Ground touched(Ground ground) {
        for (int i = 0; i < 20; i++) {
            ground.memory.bytes().writeInt((1100L + i) << PhysicalMemory.PAGE_SHIFT, 1);
        }
        return ground;
    }

    private static void print(String what, Supplier<Object> maker) {
        System.out.printf("%-34s %,9d bytes%n", what, bytes(maker));
    }

    private static long bytes(Supplier<Object> maker) {
        List<Object> held = new ArrayList<>();
        held.add(maker.get());
        long first = used();
        for (int i = 0; i < INSTANCES; i++) {
            held.add(maker.get());
        }
        long last = used();
        held.clear();
        return (last - first) / INSTANCES;
    }

    /** Used heap after as many collections as make any collector compact. */
    private static long used() {
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
