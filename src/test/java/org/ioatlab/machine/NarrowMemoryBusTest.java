package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;

/** One bus for processors, ports and engines: what a machine receives when it is narrow. A Gigabit Ethernet brings 123 MB/s of full frames. */
class NarrowMemoryBusTest {
    private static final int FRAMES = 200;
    private static final long MILLISECOND = Picoseconds.PER_MILLISECOND;

    private static TestMachine machine(long busMegabytesPerSecond) {
        MachineSpec spec = Presets.LEGACY.spec();
        return TestMachine.withCosts(spec, Map.of("memoryBusMegabytesPerSecond", busMegabytesPerSecond));
    }

    /** Full frames of a protocol that nobody knows, back to back. */
    private static TestMachine afterFrames(long busMegabytesPerSecond) {
        TestMachine m = machine(busMegabytesPerSecond);
        byte[] frames = new byte[FRAMES * 1514];
        int[] lengths = new int[FRAMES];
        Arrays.fill(lengths, 1514);
        for (int at = 0; at < frames.length; at += 1514) {
            Arrays.fill(frames, at, at + 6, (byte) 0xff);
            frames[at + 12] = (byte) 0x88;
            frames[at + 13] = (byte) 0xb5;
        }
        m.run(new NicCommand.InjectFrames("eth0", frames, lengths, new long[FRAMES], false));
        m.settle();
        return m;
    }

    /** Frames stored and frames missed. */
    private static List<Long> outcome(long busMegabytesPerSecond) {
        Map<String, Long> counters =
                afterFrames(busMegabytesPerSecond).machine.nics().statistics("eth0");
        return List.of(counters.getOrDefault("rx_packets", -1L), counters.getOrDefault("rx_missed_errors", -1L));
    }

    @Test
    void framesAreMissedWhenTheBusIsNarrowerThanTheLink() {
        assertThat(outcome(6400)).containsExactly(200L, 0L);
        assertThat(outcome(150)).containsExactly(200L, 0L);
        assertThat(outcome(130)).as("processors need some too").containsExactly(182L, 18L);
        assertThat(outcome(100)).containsExactly(147L, 53L);
        assertThat(outcome(50)).containsExactly(89L, 111L);
    }

    @Test
    void theLastFrameIsDoneLaterTheNarrowerTheBusIs() {
        List<Long> instants = new ArrayList<>();
        for (long megabytes : List.of(6400L, 200L, 150L)) {
            instants.add(afterFrames(megabytes).machine.nowPs());
        }
        assertThat(instants).isSorted().doesNotHaveDuplicates();
    }

    /** A stream adapts: its payload passes the bus again, to the processor and from there to the program's buffer. */
    @Test
    void aStreamIsSlowerOverANarrowBus() {
        long wide = received(6400);
        assertThat(received(1000)).isEqualTo(wide);
        assertThat(received(300)).isBetween(wide / 100 * 99, wide - 1);
        assertThat(received(100)).isBetween(wide / 4, wide / 2);
    }

    private static long received(long busMegabytesPerSecond) {
        TestMachine m = machine(busMegabytesPerSecond);
        m.run(new ProcessCommand.Start(
                "sink", ProgramType.SINK, 5001, 87_380, List.of(), 8, 8, null, Verification.COMPARE, null));
        m.run(TrafficPlan.tcpStreams(5001, 1, Long.MAX_VALUE).command());
        m.advance(200 * MILLISECOND);
        assertThat(m.machine
                        .processes()
                        .process("sink")
                        .connections()
                        .getFirst()
                        .matches())
                .isTrue();
        return m.machine.processes().process("sink").receivedBytes();
    }
}
