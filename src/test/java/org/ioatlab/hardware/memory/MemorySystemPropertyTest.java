package org.ioatlab.hardware.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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
        boolean many = random.nextInt(8) == 0;
        CpuTopology cpus =
                many ? new CpuTopology(8, 16, 1) : new CpuTopology(1 + random.nextInt(3), 2, 1 + random.nextInt(2));
        CacheTopology topology = cpus.caches(many ? 1 : sharing);
        Platform platform = Platform.load("xeon-e7520")
                .with(Map.of(
                        "firstLevelKilobytes", 1L + random.nextInt(4),
                        "firstLevelWays", 1L << random.nextInt(4),
                        "secondLevelKilobytes", 16L << random.nextInt(3),
                        "secondLevelWays", 1L << random.nextInt(3),
                        "linesPerMiss", 1L + random.nextInt(2)));
        MemorySystem fast = new MemorySystem(platform, topology, FRAMES);
        for (int accesses = random.nextInt(STEPS / 10); accesses > 0; accesses--) {
            fast.port(0).write(MemoryUse.OTHER, (long) random.nextInt(FRAMES * PAGE_LINES) * LINE, LINE, 0);
        }
        fast.restart();
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
        long address = (long) page * PAGE_LINES * LINE + from;
        int room = FRAMES * PAGE_LINES * LINE - (int) address;
        int bytes = 1 + random.nextInt(Math.min(random.nextInt(2) == 0 ? 100 : 10_000, room));
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
        boolean inTurn = random.nextInt(2) == 0;
        CacheCounts before = fast.counts(cpu, MemoryUse.USER);
        if (inTurn && write) {
            fast.port(cpu).write(MemoryUse.USER, address, bytes, 0);
        } else if (inTurn) {
            fast.port(cpu).read(MemoryUse.USER, address, bytes, 0);
        } else if (write) {
            fast.port(cpu).copy(MemoryUse.USER, address, MemoryUse.PAYLOAD, address, bytes, 0);
            slow(slow, cpu, address, bytes, false);
        } else {
            fast.port(cpu).scan(MemoryUse.USER, address, bytes, 0);
        }
        List<SlowCaches.Found> found = slow(slow, cpu, address, bytes, write);
        int followers = inTurn && slow.fetchesPairs() ? followers(found, address / LINE) : 0;
        assertThat(fast.counts(cpu, MemoryUse.USER))
                .isEqualTo(before.plus(new CacheCounts(
                        count(found, SlowCaches.Found.FIRST),
                        count(found, SlowCaches.Found.SECOND) + followers,
                        count(found, SlowCaches.Found.REMOTE),
                        count(found, SlowCaches.Found.MEMORY) - followers)));
    }

    /** Page by page, as caches are looked through. */
    private static List<SlowCaches.Found> slow(SlowCaches slow, int cpu, long address, int bytes, boolean write) {
        List<SlowCaches.Found> found = new ArrayList<>();
        long last = (address + bytes - 1) / LINE;
        for (long line = address / LINE; line <= last; line = (line / PAGE_LINES + 1) * PAGE_LINES) {
            found.addAll(
                    slow.access(cpu, line, Math.min(last, line / PAGE_LINES * PAGE_LINES + PAGE_LINES - 1), write));
        }
        return found;
    }

    /** Lines that the miss of the one before has brought to the second level, if one is read after the other. */
    private static int followers(List<SlowCaches.Found> found, long firstLine) {
        int followers = 0;
        for (int i = 1; i < found.size(); i++) {
            boolean both = found.get(i) == SlowCaches.Found.MEMORY && found.get(i - 1) == SlowCaches.Found.MEMORY;
            followers += both && (firstLine + i) % 2 == 1 ? 1 : 0;
        }
        return followers;
    }

    private static int count(List<SlowCaches.Found> found, SlowCaches.Found place) {
        return Collections.frequency(found, place);
    }
}
