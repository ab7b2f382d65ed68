package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.ioatlab.time.Picoseconds;
import org.junit.jupiter.api.Test;

/** Ticks, times and load of a whole machine as {@code /proc} tells them. */
class SchedulerFilesTest {
    private static final long MS = Picoseconds.PER_MILLISECOND;

    private static Machine twoProcessors(Map<String, Long> costs) {
        MachineSpec s = Presets.IOAT.spec();
        return new Machine(new MachineSpec(
                s.platform(),
                s.seed(),
                new MachineSpec.Cpus(2, 1, 1, 0),
                s.memory(),
                s.nic(),
                s.dma(),
                s.kernel(),
                costs));
    }

    private static String row(Machine machine, String file, String name) {
        return machine.proc()
                .read(file)
                .lines()
                .filter(line -> line.strip().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyProcessorTicksAtAThousandHertzWithoutEvents() {
        Machine machine = twoProcessors(Map.of());
        machine.run(25 * MS + MS / 2, 0, false);
        assertThat(row(machine, "interrupts", "LOC")).isEqualTo("LOC:         25         25");
        assertThat(row(machine, "interrupts", "CAL")).isEqualTo("CAL:          0          0");
        assertThat(row(machine, "softirqs", "TIMER")).isEqualTo("   TIMER:         25         25");
        assertThat(machine.isIdle()).isTrue();
        assertThat(machine.fired()).isZero();
    }

    @Test
    void anotherFrequencyOfTheTimerIsAParameter() {
        Machine machine = twoProcessors(Map.of("timerFrequencyHz", 100L));
        machine.run(1000 * MS + MS, 0, false);
        assertThat(row(machine, "interrupts", "LOC")).isEqualTo("LOC:        100        100");
    }

    @Test
    void timeIsToldInHundredthsOfASecond() {
        TestMachine m = new TestMachine(twoProcessors(Map.of()).spec());
        m.run(new MemoryCommand.AllocateBuffer(4 << 20, new Content(null, new byte[] {1}), 0));
        m.machine.run(2_000 * MS, 100, false);
        assertThat(row(m.machine, "stat", "cpu1")).isEqualTo("cpu1 0 0 0 200 0 0 0");
        assertThat(row(m.machine, "stat", "cpu ")).matches("cpu  0 0 \\d+ (399|400) 0 0 0");
        assertThat(row(m.machine, "stat", "procs_running")).isEqualTo("procs_running 0");
        assertThat(m.machine.proc().read("loadavg")).startsWith("0.00 0.00 0.00 0/0 ");
    }

    @Test
    void oneLongAdvanceEqualsTenShortOnesThatAreLookedAt() {
        Machine once = twoProcessors(Map.of());
        Machine often = twoProcessors(Map.of());
        once.run(10 * MS + 77, 1_000, false);
        for (int i = 1; i <= 10; i++) {
            often.run(i * MS + 77, 1_000, false);
            often.proc().read("stat");
            often.cpus().profile(null);
            often.digest();
        }
        assertThat(often.digest()).isEqualTo(once.digest());
        assertThat(often.cpus().profile(null)).isEqualTo(once.cpus().profile(null));
        assertThat(often.cpus().cpus()).isEqualTo(once.cpus().cpus());
    }

    @Test
    void ticksThatLeaveNoTimeForWorkAreRefused() {
        assertThatThrownBy(() -> twoProcessors(Map.of("timerInterruptCycles", 2_000_000L)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("more than half");
    }
}
