package org.ioatlab.hardware.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.SeededRandom;
import org.junit.jupiter.api.Test;

/** Random accesses of processors and devices to small caches, against {@link SlowCaches}: every line is found in the same place, and no byte is lost. */
class MemorySystemPropertyTest {
    private static final int PAGE_LINES = 64;
    private static final int FRAMES = 24;
    private static final int LINE = MemorySystem.LINE_BYTES;
    private static final int STEPS = 3_000;

    @Test
    void everyLineIsWhereTheSlowCachesHaveIt() {
        Seeds.forEach(MemorySystemPropertyTest::compare);
    }

    private static void compare(long seed) {
        SeededRandom random = new SeededRandom(seed);
        int sharing = 1 + random.nextInt(2);
        CacheTopology topology = new CpuTopology(1 + random.nextInt(3), 2, 1 + random.nextInt(2)).caches(sharing);
        Platform platform = Platform.load("xeon-e7520")
                .with(Map.of(
                        "firstLevelKilobytes", 1L + random.nextInt(4),
                        "firstLevelWays", 1L << random.nextInt(4),
                        "secondLevelKilobytes", 16L << random.nextInt(3),
                        "secondLevelWays", 1L << random.nextInt(3),
                        "linesPerMiss", 1L + random.nextInt(2)));
        MemorySystem fast = new MemorySystem(platform, topology, FRAMES);
        SlowCaches slow = new SlowCaches(topology, CacheSizes.of(platform));
        for (int step = 0; step < STEPS; step++) {
            step(random, topology, fast, slow);
        }
        for (long line = 0; line < (long) FRAMES * PAGE_LINES; line++) {
            assertThat(fast.isCached(line * LINE, LINE)).as("line " + line).isEqualTo(slow.holds(line));
        }
        assertThat(fast.busBytes(BusTraffic.CPU_READ)).isEqualTo(slow.fetched * LINE);
        assertThat(fast.busBytes(BusTraffic.CPU_WRITE_BACK)).isEqualTo(slow.writtenBack * LINE);
    }

    private static void step(SeededRandom random, CacheTopology topology, MemorySystem fast, SlowCaches slow) {
        int page = random.nextInt(FRAMES);
        int from = random.nextInt(PAGE_LINES * LINE);
        int bytes = 1 + random.nextInt(Math.min(random.nextInt(2) == 0 ? 100 : 4096, PAGE_LINES * LINE - from));
        long address = (long) page * PAGE_LINES * LINE + from;
        long first = address / LINE;
        long last = (address + bytes - 1) / LINE;
        switch (random.nextInt(8)) {
            case 0 -> {
                fast.deviceWrites(BusTraffic.NIC, address, bytes, 0, 0);
                for (long line = first; line <= last; line++) {
                    slow.deviceWrites(line, line * LINE >= address && (line + 1) * LINE <= address + bytes);
                }
                assertThat(fast.isCached(address, bytes)).isFalse();
            }
            case 1 -> {
                fast.deviceReads(BusTraffic.NIC, address, bytes, 0, 0);
                for (long line = first; line <= last; line++) {
                    slow.deviceReads(line);
                }
            }
            default -> access(random, topology, fast, slow, address, bytes);
        }
    }

    private static void access(
            SeededRandom random, CacheTopology topology, MemorySystem fast, SlowCaches slow, long address, int bytes) {
        int cpu = random.nextInt(topology.clusters().length);
        boolean write = random.nextInt(2) == 0;
        CacheCounts before = fast.counts(cpu, MemoryUse.USER);
        if (write) {
            fast.port(cpu).copy(MemoryUse.USER, address, MemoryUse.PAYLOAD, address, bytes, 0);
            slow.access(cpu, address / LINE, (address + bytes - 1) / LINE, false);
        } else {
            fast.port(cpu).scan(MemoryUse.USER, address, bytes, 0);
        }
        List<SlowCaches.Found> found = slow.access(cpu, address / LINE, (address + bytes - 1) / LINE, write);
        assertThat(fast.counts(cpu, MemoryUse.USER))
                .isEqualTo(before.plus(new CacheCounts(
                        count(found, SlowCaches.Found.FIRST),
                        count(found, SlowCaches.Found.SECOND),
                        count(found, SlowCaches.Found.REMOTE),
                        count(found, SlowCaches.Found.MEMORY))));
    }

    private static int count(List<SlowCaches.Found> found, SlowCaches.Found place) {
        return Collections.frequency(found, place);
    }
}
