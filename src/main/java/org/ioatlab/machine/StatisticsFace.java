package org.ioatlab.machine;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.ioatlab.hardware.memory.BusTraffic;
import org.ioatlab.hardware.memory.CacheCounts;
import org.ioatlab.hardware.memory.MemorySystem;
import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.kernel.net.NetRxAction;
import org.ioatlab.kernel.net.offload.OffloadCounters;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.time.Picoseconds;

/** What receiving costs a machine: cycles, copies, cache misses and bus, since they were last set back. */
public final class StatisticsFace {
    private final Processors processors;
    private final NetRxAction rxAction;
    private final OffloadCounters offload;
    private final MemorySystem memory;
    private long sincePs;
    private long busyBefore;
    private long packetsBefore;

    StatisticsFace(Processors processors, NetRxAction rxAction, OffloadCounters offload, MemorySystem memory) {
        this.processors = processors;
        this.rxAction = rxAction;
        this.offload = offload;
        this.memory = memory;
    }

    /** The figures as they stand. */
    public StatisticsViews.Statistics statistics() {
        long nowPs = processors.loop().nowPs();
        long packets = packets() - packetsBefore;
        long busy = busyCycles() - busyBefore;
        long payload = offload.engineBytes() + offload.cpuBytes();
        CacheCounts touched = memory.counts(MemoryUse.APPLICATION);
        return new StatisticsViews.Statistics(
                Picoseconds.toNanoseconds(sincePs),
                Picoseconds.toNanoseconds(nowPs),
                packets,
                payload,
                busy,
                ratio(busy, packets),
                ratio(busy, payload),
                ratio(busy, cycles(nowPs) - cycles(sincePs)),
                offload.engineBytes(),
                offload.earlyBytes(),
                offload.cpuBytes(),
                offload.reasons(),
                offload.notEarly(),
                named(MemoryUse.values(), use -> memory.counts(use).misses()),
                named(BusTraffic.values(), memory::busBytes),
                ratio(busBytes(), payload),
                new StatisticsViews.Residency(
                        touched.firstLevel(), touched.secondLevel(), touched.otherCaches(), touched.memory()));
    }

    /** Begins again at 0. */
    void reset() {
        sincePs = processors.loop().nowPs();
        busyBefore = busyCycles();
        packetsBefore = packets();
        offload.reset();
        memory.resetCounters();
    }

    private long cycles(long instantPs) {
        return processors.count() * processors.get(0).cpu().frequency().cyclesAtOrAfter(instantPs);
    }

    private long busyCycles() {
        long sum = 0;
        for (int cpu = 0; cpu < processors.count(); cpu++) {
            sum += processors.get(cpu).busyCycles();
        }
        return sum;
    }

    private long packets() {
        long sum = 0;
        for (int cpu = 0; cpu < processors.count(); cpu++) {
            sum += rxAction.softnet(cpu).processed();
        }
        return sum;
    }

    private long busBytes() {
        long sum = 0;
        for (BusTraffic traffic : BusTraffic.values()) {
            sum += memory.busBytes(traffic);
        }
        return sum;
    }

    private static double ratio(long of, long to) {
        return to == 0 ? 0 : (double) of / to;
    }

    private static <E extends Enum<E>> Map<String, Long> named(E[] values, ToLongFunction<E> count) {
        Map<String, Long> named = new LinkedHashMap<>();
        for (E value : values) {
            named.put(camelCase(value.name()), count.applyAsLong(value));
        }
        return named;
    }

    private static String camelCase(String constant) {
        StringBuilder name = new StringBuilder();
        for (String word : constant.toLowerCase(Locale.ROOT).split("_", -1)) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }
}
