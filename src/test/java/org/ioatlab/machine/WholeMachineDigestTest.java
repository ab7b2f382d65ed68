package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.ioatlab.time.EventLoop;
import org.junit.jupiter.api.Test;

/** A busy machine does the same every time: to the last byte and picosecond, at every step. */
class WholeMachineDigestTest {
    private static final int PIECES = 10;
    private static final List<String> DAY = day();

    private static List<String> day() {
        return BusyDay.digests(false, machine -> machine.advance(BusyDay.STEP));
    }

    @Test
    void theSameDayTwice() {
        assertThat(day()).isEqualTo(DAY);
        assertThat(DAY).as("every step changes the state").doesNotHaveDuplicates();
    }

    @Test
    void inAnotherProcess() throws Exception {
        assertThat(AnotherProcess.linesOf(BusyDay.class)).isEqualTo(DAY);
    }

    @Test
    void fourInParallel() {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<CompletableFuture<List<String>>> days = IntStream.range(0, 4)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(WholeMachineDigestTest::day, threads))
                    .toList();
            for (CompletableFuture<List<String>> one : days) {
                assertThat(one.join()).isEqualTo(DAY);
            }
        }
    }

    @Test
    void whoeverLooks() {
        assertThat(BusyDay.digests(true, machine -> machine.advance(BusyDay.STEP)))
                .isEqualTo(DAY);
    }

    @Test
    void tenShortWaysAreOneLongOne() {
        assertThat(BusyDay.digests(false, machine -> {
                    for (int i = 0; i < PIECES; i++) {
                        machine.advance(BusyDay.STEP / PIECES);
                    }
                }))
                .isEqualTo(DAY);
    }

    @Test
    void eventByEvent() {
        assertThat(BusyDay.digests(false, machine -> {
                    long end = machine.machine.nowPs() + BusyDay.STEP;
                    while (machine.machine.run(end, 1, false) != EventLoop.Stop.TIME) {
                        // one more
                    }
                }))
                .isEqualTo(DAY);
    }
}
