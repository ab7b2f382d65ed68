package org.ioatlab.hardware.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.hardware.memory.MemoryUse.HEADER;
import static org.ioatlab.hardware.memory.MemoryUse.PAYLOAD;
import static org.ioatlab.hardware.memory.MemoryUse.USER;

import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

/**
 * What accesses add to hits of the first level, on the platform of the OLS 2005 paper: 18 cycles from the second level, 400 from memory, sectors of
 * two lines. Two cores with a second level of their own each; processors 0 and 2 are threads of the first.
 */
class MemorySystemTest {
    private static final int FRAMES = 1024;

    private final MemorySystem memory = system(Map.of());

    private static MemorySystem system(Map<String, Long> costs) {
        Platform platform = Platform.load("xeon-e7520").with(costs);
        return new MemorySystem(platform, new CpuTopology(2, 1, 2).caches(1), FRAMES);
    }

    private long read(int cpu, long address, int bytes) {
        return memory.port(cpu).read(HEADER, address, bytes, 0);
    }

    @Test
    void aMissTakesTheLatencyAndAHitNothing() {
        assertThat(read(0, 0x1000, 4)).isEqualTo(400);
        assertThat(read(0, 0x1000, 4)).isZero();
        assertThat(read(0, 0x103c, 4)).as("the same line").isZero();
        assertThat(memory.counts(0, HEADER)).isEqualTo(new CacheCounts(2, 0, 0, 1));
    }

    @Test
    void aMissBringsTheOtherLineOfItsSectorToTheSecondLevel() {
        assertThat(read(0, 0x1040, 4)).isEqualTo(400);
        assertThat(read(0, 0x1000, 4)).isEqualTo(18);
        assertThat(read(0, 0x1080, 4)).as("the next sector").isEqualTo(400);
        assertThat(memory.busBytes(BusTraffic.CPU_READ)).isEqualTo(4 * 64);
    }

    @Test
    void linesAreAccessedOneAfterTheOther() {
        assertThat(read(0, 0x1030, 0x80)).as("lines 0x1000 to 0x1080").isEqualTo(400 + 18 + 400);
        assertThat(read(0, 0x1000, 0xc0)).isZero();
    }

    @Test
    void threadsOfACoreShareItsCaches() {
        read(0, 0x1000, 4);
        assertThat(read(2, 0x1000, 4)).isZero();
        assertThat(read(1, 0x1000, 4)).isEqualTo(400);
    }

    @Test
    void whatAnotherCoreChangedComesFromItsCache() {
        MemorySystem near = system(Map.of("remoteCacheCycles", 333L));
        near.port(0).write(HEADER, 0x1000, 4, 0);
        assertThat(near.port(1).read(HEADER, 0x1000, 4, 0)).isEqualTo(333);
        assertThat(near.counts(1, HEADER)).isEqualTo(new CacheCounts(0, 0, 1, 0));
        assertThat(near.busBytes(BusTraffic.CPU_WRITE_BACK))
                .as("memory has it from now on")
                .isEqualTo(64);
        assertThat(near.port(0).read(HEADER, 0x1000, 4, 0)).as("both keep it").isZero();
        assertThat(near.port(1).write(HEADER, 0x1000, 4, 0))
                .as("a write takes it from the other")
                .isZero();
        assertThat(near.port(0).read(HEADER, 0x1000, 4, 0)).isEqualTo(333);
    }

    @Test
    void whatADeviceWritesIsInNoCache() {
        read(0, 0x1000, 256);
        read(1, 0x1000, 256);
        memory.deviceWrites(BusTraffic.NIC, 0x1040, 100, 0, 0);
        assertThat(memory.isCached(0x1040, 128)).isFalse();
        assertThat(memory.isCached(0x1000, 64)).isTrue();
        assertThat(memory.isCached(0x10c0, 64)).isTrue();
        assertThat(read(0, 0x1040, 4)).isEqualTo(400);
        assertThat(memory.busBytes(BusTraffic.NIC)).isEqualTo(100);
    }

    @Test
    void aSequentialReadStreamsAfterItsFirstMiss() {
        assertThat(memory.port(0).scan(PAYLOAD, 0x1000, 1024, 0))
                .as("the latency, and 15 lines at 1300 cycles a kilobyte")
                .isEqualTo(400 + (15 * 64 * 1300 + 999) / 1000);
        assertThat(memory.port(0).scan(PAYLOAD, 0x1000, 1024, 0))
                .as("at the warm rate of 300 cycles a kilobyte")
                .isEqualTo((1024 * 300 + 999) / 1000);
    }

    @Test
    void aCopyCostsWhatIsMissing() {
        assertThat(memory.port(0).copy(USER, 0x10_0000, PAYLOAD, 0x20_0000, 4096, 0))
                .as("cold: 2.6 cycles a byte and a latency")
                .isEqualTo(400 + 10_650);
        assertThat(memory.port(0).copy(USER, 0x10_0000, PAYLOAD, 0x20_0000, 4096, 20_000))
                .as("warm: 0.75 cycles a byte")
                .isEqualTo(3_072);
        memory.deviceWrites(BusTraffic.NIC, 0x20_0000, 4096, 40_000, 0);
        assertThat(memory.port(0).copy(USER, 0x10_0000, PAYLOAD, 0x20_0000, 4096, 60_000))
                .as("a packet that has just come: the source is cold")
                .isEqualTo(400 + 3_072 + 4_096);
        assertThat(memory.port(0).copy(USER, 0x10_0004, PAYLOAD, 0x20_0000, 4000, 80_000))
                .as("warm and not aligned: a quarter of a cycle more a byte")
                .isEqualTo(4_000);
    }

    @Test
    void equalHistoriesHaveEqualDigestsAndOthersDont() {
        MemorySystem other = system(Map.of());
        assertThat(digest(other)).isEqualTo(digest(memory));
        read(0, 0x1000, 4);
        assertThat(digest(other)).isNotEqualTo(digest(memory));
        other.port(0).read(PAYLOAD, 0x1000, 4, 0);
        assertThat(digest(other)).as("counters are none of the state").isEqualTo(digest(memory));
        other.resetCounters();
        assertThat(digest(other)).isEqualTo(digest(memory));
        memory.restart();
        assertThat(digest(memory)).isEqualTo(digest(system(Map.of())));
        assertThat(memory.isCached(0x1000, 64)).isFalse();
    }

    @Test
    void theDigestTellsWhichLinesWereUsedAgain() {
        MemorySystem other = system(Map.of());
        read(0, 0x1000, 4);
        other.port(0).read(HEADER, 0x1000, 4, 0);
        read(0, 0x1000, 4);
        assertThat(digest(other)).as("the digest tells that it was used").isNotEqualTo(digest(memory));
        other.port(0).read(HEADER, 0x1000, 4, 0);
        assertThat(digest(other)).isEqualTo(digest(memory));
        read(0, 0x1000, 0);
        assertThat(digest(other)).as("nothing was read").isEqualTo(digest(memory));
    }

    /** What was read again stays; what it was is gone from the marks of use when the next line has come, but not from the digest. */
    @Test
    void theDigestTellsWhichLinesHadToLeaveBecauseOthersWereUsedAgain() {
        Map<String, Long> small = Map.of("secondLevelKilobytes", 16L, "secondLevelWays", 2L, "linesPerMiss", 1L);
        MemorySystem one = system(small);
        MemorySystem other = system(small);
        for (MemorySystem each : List.of(one, other)) {
            each.port(0).read(HEADER, 0x1_0000, 4, 0);
            each.port(0).read(HEADER, 0x2_0000, 4, 0);
        }
        one.port(0).read(HEADER, 0x1_0000, 4, 0);
        one.port(0).read(HEADER, 0x3_0000, 4, 0);
        other.port(0).read(HEADER, 0x3_0000, 4, 0);
        assertThat(one.isCached(0x1_0000, 4)).isTrue();
        assertThat(other.isCached(0x1_0000, 4)).isFalse();
        assertThat(digest(one)).isNotEqualTo(digest(other));
    }

    private static String digest(MemorySystem system) {
        StateHash hash = new StateHash();
        system.hashInto(hash);
        return hash.hex();
    }
}
