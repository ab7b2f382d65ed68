package org.ioatlab.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.SeededRandom;
import org.junit.jupiter.api.Test;

class ObservationTest {
    private final Observation observation = new Observation(2);
    private final Profile profile = observation.profile();
    private final Timeline timeline = observation.timeline();

    private List<String> spans() {
        List<String> spans = new ArrayList<>();
        timeline.forEach((track, name, start, end) -> spans.add(track + " " + name + " " + start + "-" + end));
        return spans;
    }

    @Test
    void cyclesAreCountedByProcessorAndFunction() {
        profile.processor(0).spent(Symbol.MEMCPY, 10);
        profile.processor(1).spent(Symbol.MEMCPY, 20);
        profile.processor(1).spent(Symbol.MEMCPY, 3);
        profile.processor(1).spent(Symbol.MEMSET, 4);
        assertThat(profile.cycles(0, Symbol.MEMCPY)).isEqualTo(10);
        assertThat(profile.cycles(1, Symbol.MEMCPY)).isEqualTo(23);
        assertThat(profile.cycles(1, Symbol.MEMSET)).isEqualTo(4);
        assertThat(profile.cycles(0, Symbol.WRITEL)).isZero();
    }

    @Test
    void eachPeriodOfAProcessorIsASampleOfTheFunctionThatIsOwedMost() {
        assertThat(profile.periodCycles()).isEqualTo(100_000);
        profile.processor(0).spent(Symbol.MEMCPY, 99_999);
        assertThat(profile.samples().of(0, Symbol.MEMCPY)).isZero();
        profile.processor(0).spent(Symbol.MEMSET, 1);
        assertThat(profile.samples().of(0, Symbol.MEMCPY)).isEqualTo(1);
        assertThat(profile.samples().of(0, Symbol.MEMSET)).isZero();
        profile.processor(0).spent(Symbol.MEMSET, 150_000);
        profile.processor(0).spent(Symbol.MEMCPY, 40_001);
        assertThat(profile.samples().of(0, Symbol.MEMCPY)).isEqualTo(1);
        assertThat(profile.samples().of(0, Symbol.MEMSET))
                .as("two periods but one")
                .isEqualTo(1);
        profile.processor(0).spent(Symbol.MEMSET, 10_000);
        assertThat(profile.samples().of(0, Symbol.MEMSET)).isEqualTo(2);
        assertThat(profile.samples().of(1, Symbol.MEMCPY)).isZero();
    }

    @Test
    void samplesOfAProcessorAreItsCyclesDividedByThePeriod() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            Profile counted = new Profile(2, 1_000);
            long[] total = new long[2];
            for (int i = 0; i < 500; i++) {
                int cpu = random.nextInt(2);
                long cycles = random.nextInt(5_000);
                counted.processor(cpu).spent(Symbol.values()[random.nextInt(Symbol.COUNT)], cycles);
                total[cpu] += cycles;
            }
            for (int cpu = 0; cpu < 2; cpu++) {
                long samples = 0;
                long cycles = 0;
                for (Symbol symbol : Symbol.values()) {
                    samples += counted.samples().of(cpu, symbol);
                    cycles += counted.cycles(cpu, symbol);
                }
                assertThat(cycles).isEqualTo(total[cpu]);
                assertThat(samples).isEqualTo(total[cpu] / 1_000);
            }
        });
    }

    @Test
    void aResetForgetsCyclesSamplesAndTheBegunPeriod() {
        profile.processor(0).spent(Symbol.MEMCPY, 199_999);
        profile.reset();
        assertThat(profile.cycles(0, Symbol.MEMCPY)).isZero();
        assertThat(profile.samples().of(0, Symbol.MEMCPY)).isZero();
        profile.processor(0).spent(Symbol.MEMCPY, 1);
        assertThat(profile.samples().of(0, Symbol.MEMCPY)).isZero();
        assertThat(profile.cycles(0, Symbol.MEMCPY)).isEqualTo(1);
    }

    @Test
    void theTimelineIsOffUntilSwitchedOn() {
        timeline.span(0, Symbol.MEMCPY.kernelName(), 0, 100);
        assertThat(timeline.isEnabled()).isFalse();
        timeline.enable(true);
        assertThat(spans()).isEmpty();
        timeline.span(1, Symbol.DO_SOFTIRQ.kernelName(), 200, 300);
        timeline.span(Timeline.FIRST_DEVICE_TRACK + 2, "copy", 250, 400);
        assertThat(spans()).containsExactly("1 __do_softirq 200-300", "1002 copy 250-400");
    }

    @Test
    void switchingOffForgetsAndSwitchingOnTwiceKeeps() {
        timeline.enable(true);
        timeline.span(0, "a", 0, 1);
        timeline.enable(true);
        assertThat(spans()).hasSize(1);
        timeline.enable(false);
        timeline.enable(true);
        assertThat(spans()).isEmpty();
        timeline.span(0, "b", 1, 2);
        assertThat(spans()).containsExactly("0 b 1-2");
    }

    @Test
    void theTimelineKeepsTheNewestSpans() {
        timeline.enable(true);
        for (int i = 0; i < Timeline.CAPACITY_SPANS + 10; i++) {
            timeline.span(0, "work", i, i + 1);
        }
        List<String> kept = spans();
        assertThat(kept).hasSize(Timeline.CAPACITY_SPANS);
        assertThat(kept.getFirst()).isEqualTo("0 work 10-11");
        assertThat(kept.getLast()).isEqualTo("0 work 65545-65546");
    }

    @Test
    void everySymbolHasTheNameThatAProfileOfTheKernelPrints() {
        assertThat(Symbol.COPY_USER_INTEL.kernelName()).isEqualTo("__copy_user_intel");
        assertThat(Symbol.MEMCPY.kernelName()).isEqualTo("memcpy");
        assertThat(Symbol.DMA_MEMCPY_BUF_TO_PG.kernelName()).isEqualTo("dma_memcpy_buf_to_pg");
        assertThat(Arrays.stream(Symbol.values()).map(Symbol::kernelName))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-zIRQ_0-9]+"));
    }
}
