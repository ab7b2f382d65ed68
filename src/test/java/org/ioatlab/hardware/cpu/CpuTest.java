package org.ioatlab.hardware.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.observe.Observation;
import org.ioatlab.observe.Symbol;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

/** At 2000 MHz a cycle takes 500 ps. */
class CpuTest {
    private static final Frequency TWO_GIGAHERTZ = new Frequency(2000);

    private final Observation observation = new Observation(2);
    private final List<Cpu> threads = new CpuTopology(1, 1, 2).assemble(TWO_GIGAHERTZ, 62, observation);
    private final Cpu cpu = threads.get(0);
    private final Cpu sibling = threads.get(1);

    @Test
    void aNewProcessorIsIdleAtTheBeginning() {
        assertThat(cpu.cursorPs()).isZero();
        assertThat(cpu.busyCyclesAt(0)).isZero();
        assertThat(cpu.busyCyclesAt(1_000_000)).isZero();
        assertThat(cpu.isBusyAt(0)).isFalse();
    }

    @Test
    void workMovesTheCursorByItsCycles() {
        cpu.begin(10_000);
        cpu.spend(Symbol.MEMCPY, 7);
        assertThat(cpu.cursorCycles()).isEqualTo(27);
        assertThat(cpu.cursorPs()).isEqualTo(13_500);
        cpu.spend(Symbol.MEMSET, 3);
        assertThat(cpu.cursorPs()).isEqualTo(15_000);
    }

    @Test
    void workBeginsWithTheFirstWholeCycle() {
        cpu.begin(10_001);
        cpu.spend(Symbol.MEMCPY, 1);
        assertThat(cpu.cursorPs()).isEqualTo(11_000);
    }

    @Test
    void workBeginsWhereTheWorkBeforeItEnds() {
        cpu.begin(0);
        cpu.spend(Symbol.MEMCPY, 100);
        cpu.begin(20_000);
        cpu.spend(Symbol.MEMCPY, 10);
        assertThat(cpu.cursorPs()).isEqualTo(55_000);
    }

    @Test
    void picosecondsComeFromTheCycleCountSoRoundingNeverAddsUp() {
        Cpu xeon = new CpuTopology(1, 1, 1)
                .assemble(new Frequency(3400), 100, new Observation(1))
                .getFirst();
        xeon.begin(0);
        for (int i = 0; i < 3400; i++) {
            xeon.spend(Symbol.MEMCPY, 1);
        }
        assertThat(xeon.cursorPs()).isEqualTo(1_000_000);
    }

    @Test
    void workFeedsProfileAndTimeline() {
        observation.timeline().enable(true);
        cpu.begin(1_000);
        cpu.spend(Symbol.MEMCPY, 4);
        cpu.spend(Symbol.MEMSET, 0);
        cpu.spend(Symbol.COPY_USER_INTEL, 2);
        assertThat(observation.profile().cycles(0, Symbol.MEMCPY)).isEqualTo(4);
        assertThat(observation.profile().cycles(0, Symbol.COPY_USER_INTEL)).isEqualTo(2);
        assertThat(observation.profile().cycles(1, Symbol.MEMCPY)).isZero();
        assertThat(spans()).containsExactly("0 memcpy 1000-3000", "0 __copy_user_intel 3000-4000");
    }

    @Test
    void aStallIsRoundedUpToCyclesAndNotSlowedByASibling() {
        sibling.begin(0);
        sibling.spend(Symbol.MEMCPY, 1_000);
        cpu.begin(0);
        cpu.stall(Symbol.READL, 1_001);
        assertThat(cpu.cursorCycles()).isEqualTo(3);
    }

    @Test
    void workBesideABusySiblingLastsLonger() {
        sibling.begin(0);
        sibling.spend(Symbol.MEMCPY, 1_000);
        assertThat(sibling.cursorCycles()).isEqualTo(1_000);
        cpu.begin(0);
        cpu.spend(Symbol.MEMCPY, 62);
        assertThat(cpu.cursorCycles()).isEqualTo(100);
        assertThat(observation.profile().cycles(0, Symbol.MEMCPY)).isEqualTo(100);
    }

    @Test
    void anItemIsSlowedOrNotByWhatTheSiblingDoesWhenItBegins() {
        sibling.begin(0);
        sibling.spend(Symbol.MEMCPY, 10);
        cpu.begin(5_000);
        cpu.spend(Symbol.MEMCPY, 62);
        assertThat(cpu.cursorCycles()).as("the sibling ended at 5000").isEqualTo(72);
        sibling.begin(5_000);
        sibling.spend(Symbol.MEMCPY, 62);
        assertThat(sibling.cursorCycles())
                .as("its sibling is busy until 36 000")
                .isEqualTo(110);
    }

    @Test
    void aSpinningSiblingSlowsTheOther() {
        sibling.begin(0);
        sibling.startSpin();
        cpu.begin(1_000_000);
        cpu.spend(Symbol.MEMCPY, 62);
        assertThat(cpu.cursorCycles()).isEqualTo(2_100);
    }

    @Test
    void coresDontSlowEachOther() {
        List<Cpu> cores = new CpuTopology(2, 2, 1).assemble(TWO_GIGAHERTZ, 50, new Observation(4));
        for (Cpu core : cores) {
            core.begin(0);
            core.spend(Symbol.MEMCPY, 100);
            assertThat(core.cursorCycles()).isEqualTo(100);
        }
    }

    @Test
    void busyCyclesCountUpAsTheClockPassesTheWork() {
        cpu.begin(10_000);
        cpu.spend(Symbol.MEMCPY, 20);
        assertThat(cpu.busyCyclesAt(10_000)).isZero();
        assertThat(cpu.busyCyclesAt(10_001)).isEqualTo(1);
        assertThat(cpu.busyCyclesAt(15_000)).isEqualTo(10);
        assertThat(cpu.busyCyclesAt(20_000)).isEqualTo(20);
        assertThat(cpu.busyCyclesAt(99_000)).isEqualTo(20);
        assertThat(cpu.isBusyAt(19_999)).isTrue();
        assertThat(cpu.isBusyAt(20_000)).isFalse();
    }

    @Test
    void aSpinIsBusyWhileItLastsAndChargedWhenItEnds() {
        cpu.begin(0);
        cpu.spend(Symbol.MEMCPY, 10);
        cpu.startSpin();
        assertThat(cpu.isSpinning()).isTrue();
        assertThat(cpu.busyCyclesAt(2_500)).isEqualTo(5);
        assertThat(cpu.busyCyclesAt(5_000)).isEqualTo(10);
        assertThat(cpu.busyCyclesAt(50_000)).isEqualTo(100);
        assertThat(observation.profile().cycles(0, Symbol.DMA_MEMCPY_COMPLETE)).isZero();
        cpu.endSpin(Symbol.DMA_MEMCPY_COMPLETE, 90);
        assertThat(cpu.isSpinning()).isFalse();
        assertThat(observation.profile().cycles(0, Symbol.DMA_MEMCPY_COMPLETE)).isEqualTo(90);
        assertThat(cpu.cursorPs()).isEqualTo(50_000);
        assertThat(cpu.busyCyclesAt(90_000)).isEqualTo(100);
    }

    @Test
    void aSpinThatEndsBeforeItsOwnWorkCostsNothing() {
        cpu.begin(0);
        cpu.spend(Symbol.MEMCPY, 10);
        cpu.startSpin();
        cpu.endSpin(Symbol.SCHEDULE, -4);
        assertThat(cpu.cursorCycles()).isEqualTo(10);
        assertThat(observation.profile().cycles(0, Symbol.SCHEDULE)).isZero();
        assertThat(cpu.busyCyclesAt(3_000)).isEqualTo(6);
    }

    /** A naive model: one bit a cycle. */
    @Test
    void busyCyclesAgreeWithACountOfCyclesAtEveryPoint() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            Cpu one = new CpuTopology(1, 1, 1)
                    .assemble(TWO_GIGAHERTZ, 100, new Observation(1))
                    .getFirst();
            boolean[] busy = new boolean[50_000];
            int end = 0;
            long now = 0;
            for (int item = 0; item < 200; item++) {
                now += random.nextInt(60_000);
                int start = Math.max(end, (int) ((now + 499) / 500));
                int cycles = random.nextInt(100);
                one.begin(now);
                one.spend(Symbol.MEMCPY, cycles);
                end = start + cycles;
                mark(busy, start, end);
                if (random.nextInt(3) == 0) {
                    one.startSpin();
                    long until = now + random.nextInt(100_000);
                    int spinEnd = Math.max(end, (int) ((until + 499) / 500));
                    mark(busy, end, spinEnd);
                    long midway = now + (until - now) / 2;
                    assertThat(one.busyCyclesAt(midway)).isEqualTo(count(busy, midway));
                    one.endSpin(Symbol.SCHEDULE, (until + 499) / 500 - one.cursorCycles());
                    end = spinEnd;
                    now = until;
                }
                for (long at = now; at < now + 40_000; at += 1 + random.nextInt(3_000)) {
                    assertThat(one.busyCyclesAt(at)).isEqualTo(count(busy, at));
                }
            }
            assertThat(one.cursorCycles()).isEqualTo(end);
        });
    }

    private static void mark(boolean[] busy, int from, int to) {
        for (int i = from; i < to; i++) {
            busy[i] = true;
        }
    }

    private static long count(boolean[] busy, long atPs) {
        long count = 0;
        for (int i = 0; i < (atPs + 499) / 500; i++) {
            count += busy[i] ? 1 : 0;
        }
        return count;
    }

    @Test
    void aRestartedProcessorIsLikeANewOne() {
        String fresh = hash();
        cpu.begin(10_000);
        cpu.spend(Symbol.MEMCPY, 7);
        cpu.restart();
        assertThat(hash()).isEqualTo(fresh);
        assertThat(cpu.busyCyclesAt(100_000)).isZero();
    }

    @Test
    void theHashTellsCursorAndSpinApart() {
        String idle = hash();
        cpu.begin(0);
        assertThat(hash()).isEqualTo(idle);
        cpu.spend(Symbol.MEMCPY, 1);
        String busy = hash();
        cpu.startSpin();
        assertThat(new String[] {idle, busy, hash()}).doesNotHaveDuplicates();
    }

    private String hash() {
        StateHash hash = new StateHash();
        cpu.hashInto(hash);
        return hash.hex();
    }

    private List<String> spans() {
        List<String> spans = new ArrayList<>();
        observation
                .timeline()
                .forEach((track, name, start, end) -> spans.add(track + " " + name + " " + start + "-" + end));
        return spans;
    }
}
