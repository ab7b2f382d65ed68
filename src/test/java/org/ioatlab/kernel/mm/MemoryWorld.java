package org.ioatlab.kernel.mm;

import java.util.Map;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.observe.Observation;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.StateHash;

/** A machine's memory with two processors, costs that are easy to tell apart, and the questions that tests ask. */
final class MemoryWorld {
    static final int MIB = 256;

    private static final Map<String, Long> COSTS = Map.of(
            "pageListCycles", 1L,
            "buddyBlockCycles", 100L,
            "buddySplitCycles", 10_000L,
            "slabListCycles", 2L,
            "slabObjectCycles", 30L,
            "slabGrowCycles", 5_000L,
            "slabPageCycles", 1_000L);

    final Observation observation = new Observation(2);
    final Platform platform = Platform.load("xeon-5160").with(COSTS);
    final Processors processors = new Processors(
            new EventLoop(), new CpuTopology(2, 1, 1).assemble(new Frequency(3000), 100, observation), platform);
    final PageAllocator pages;
    final KernelMemory memory;

    /** 4 MiB belong to the kernel. */
    MemoryWorld(int lowMib, int totalMib) {
        pages = new PageAllocator(4, lowMib, totalMib, 2, platform);
        memory = new KernelMemory(new PhysicalMemory(pages.frames()), pages, 2, platform);
    }

    Processor cpu(int number) {
        return processors.get(number);
    }

    ZoneState low() {
        return pages.zones().getFirst();
    }

    ZoneState high() {
        return pages.zones().get(1);
    }

    /** Cycles that processor 0 has spent since {@link #forgetSpent}. */
    long spent(Symbol symbol) {
        return observation.profile().cycles(0, symbol);
    }

    void forgetSpent() {
        observation.profile().reset();
    }

    String pagesHash() {
        StateHash hash = new StateHash();
        pages.hashInto(hash);
        return hash.hex();
    }

    String hash() {
        StateHash hash = new StateHash();
        memory.hashInto(hash);
        return hash.hex();
    }
}
