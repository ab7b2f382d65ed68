package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.ioatlab.machine.CpuViews;
import org.ioatlab.machine.Presets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Table 1: where the cycles go on a machine without any I/OAT feature. The costs of these functions were fitted to it ({@link Table1Calibration}); what
 * the fit didn't see is that the rows follow their causes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Table1Test {
    private static final Offset<Double> POINTS = within(0.3);
    private static final double LAST_ROW = 2.32;
    private static final int PERIOD_CYCLES = 100_000;

    private final ReceiveProfile legacy = ReceiveProfile.ofLegacy(Map.of());

    private static ReceiveProfile with(String cost, long value) {
        return ReceiveProfile.ofLegacy(Map.of(cost, value));
    }

    private static double ratio(ReceiveProfile more, ReceiveProfile less, Table1 row) {
        return (double) more.cycles(row.symbol) / less.cycles(row.symbol);
    }

    @Test
    void theNineRowsInThePapersOrder() {
        List<String> first = new ArrayList<>(legacy.shares().keySet()).subList(0, Table1.values().length);
        assertThat(first).isEqualTo(Table1.symbols());
        assertThat(legacy.rows().stream().limit(first.size()).map(CpuViews.Row::symbol))
                .as("by samples")
                .containsExactlyElementsOf(Table1.symbols());
        for (Table1 row : Table1.values()) {
            assertThat(legacy.shares().get(row.symbol)).as(row.symbol).isCloseTo(row.percent, POINTS);
        }
    }

    @Test
    void theRestAreManyFunctionsOfWhichEachIsSmall() {
        legacy.shares().forEach((symbol, share) -> {
            if (!Table1.symbols().contains(symbol)) {
                assertThat(share).as(symbol).isLessThan(LAST_ROW);
            }
        });
        assertThat(legacy.shares()).hasSizeGreaterThan(100);
    }

    @Test
    void theCopyTakesNearlyFiveTimesAsMuchAsTheNextFunction() {
        double copy = legacy.cycles(Table1.COPY.symbol);
        assertThat(copy / legacy.cycles(Table1.RECEIVE.symbol)).isCloseTo(4.7, within(0.3));
    }

    @Test
    void samplesTellWhatCyclesDo() {
        assertThat((double) legacy.samples() * PERIOD_CYCLES)
                .isCloseTo((double) legacy.total(), within(0.01 * legacy.total()));
        CpuViews.Row copy = legacy.rows().getFirst();
        assertThat(copy.symbol()).isEqualTo(Table1.COPY.symbol);
        assertThat(copy.percent()).isCloseTo(legacy.shares().get(copy.symbol()), within(1.0));
    }

    /** The interrupt handler runs once an interrupt, as long as there are packets for each. */
    @Test
    void twiceTheInterruptRateDoublesTheHandler() {
        ReceiveProfile twice = ReceiveProfile.of(ReceiveProfile.spec(Presets.LEGACY, 16_000, Map.of()), 1);
        assertThat(ratio(twice, legacy, Table1.INTERRUPT)).isCloseTo(2, within(0.04));
        assertThat(ratio(twice, legacy, Table1.ENABLE)).isCloseTo(2, within(0.04));
        assertThat(ratio(twice, legacy, Table1.TAP)).as("a packet is a packet").isCloseTo(1, within(0.01));
    }

    /** The header comes from memory: nobody has touched it since the controller wrote it. */
    @Test
    void twiceTheMemoryLatencyMovesTheFirstTouchOfTheHeader() {
        ReceiveProfile slow = with("memoryLatencyCycles", 800);
        long more = slow.cycles(Table1.TYPE.symbol) - legacy.cycles(Table1.TYPE.symbol);
        double packets = 81_274;
        assertThat(more / packets).as("one miss a packet").isCloseTo(400, within(20.0));
        assertThat(ratio(slow, legacy, Table1.TAP)).isCloseTo(1, within(0.01));
    }

    /** Each sleep is two calls, and so is each interrupt's wake-up. */
    @Test
    void moreSleepsMoveSchedule() {
        ReceiveProfile twice = ReceiveProfile.of(ReceiveProfile.spec(Presets.LEGACY, 16_000, Map.of()), 1);
        assertThat(ratio(twice, legacy, Table1.SCHEDULE)).isCloseTo(2, within(0.1));
        ReceiveProfile readers = ReceiveProfile.of(ReceiveProfile.spec(Presets.LEGACY, 8000, Map.of()), 4);
        assertThat(ratio(readers, legacy, Table1.SCHEDULE)).as("four readers").isGreaterThan(1.5);
    }

    @Test
    void slowerRegistersMoveWhatReadsThem() {
        ReceiveProfile slow = with("mmioReadCycles", 6800);
        for (Table1 row : List.of(Table1.INTERRUPT, Table1.ENABLE)) {
            long more = slow.cycles(row.symbol) - legacy.cycles(row.symbol);
            assertThat(more / 8000.0).as(row.symbol).isCloseTo(3400, within(70.0));
        }
    }

    @Test
    void aCheaperCopyIsASmallerShare() {
        ReceiveProfile quick = with("streamingReadCyclesPerKilobyte", 650);
        assertThat(quick.shares().get(Table1.COPY.symbol)).isLessThan(Table1.COPY.percent - 2);
        assertThat(quick.shares().get(Table1.RECEIVE.symbol))
                .isGreaterThan(legacy.shares().get(Table1.RECEIVE.symbol));
    }
}
