package org.ioatlab.hardware.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.ioatlab.testing.Seeds;
import org.ioatlab.time.SeededRandom;
import org.junit.jupiter.api.Test;

/** Sets count how often they were filled; a machine that runs for hours comes to the end of an {@code int}. */
class FirstLevelTest {
    private static final int LINES = 256;
    private static final int WAYS = 4;
    private static final int FRAMES = 4;
    private static final int STEPS = 2_000;

    @Test
    void linesAreFoundAllTheSameWhenFillingsHaveANegativeNumber() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            FirstLevel usual = new FirstLevel(LINES, WAYS);
            FirstLevel old = new FirstLevel(LINES, WAYS, Integer.MAX_VALUE - 5);
            for (int step = 0; step < STEPS; step++) {
                int frame = random.nextInt(FRAMES);
                long lines = 1L << random.nextInt(64) | 7L << random.nextInt(64);
                if (random.nextInt(4) == 0) {
                    usual.drop(lines, frame + 1);
                    old.drop(lines, frame + 1);
                } else {
                    assertThat(old.reach(lines, frame, frame + 1)).isEqualTo(usual.reach(lines, frame, frame + 1));
                }
                int line = random.nextInt(64);
                assertThat(old.holds(frame * 64 + line, frame + 1))
                        .isEqualTo(usual.holds(frame * 64 + line, frame + 1));
            }
        });
    }

    @Test
    void noLineIsHereThatNeverCameWhenFillingsBeginAnew() {
        FirstLevel level = new FirstLevel(LINES, WAYS, -3);
        for (int round = 0; round < 2 * WAYS; round++) {
            level.reach(1, round % FRAMES, 1 + round % FRAMES);
            assertThat(level.holds(round % FRAMES * 64, 1 + round % FRAMES)).isTrue();
            assertThat(level.holds(1, 1)).isFalse();
            assertThat(level.holds(64 * FRAMES, 1 + FRAMES)).isFalse();
        }
    }
}
