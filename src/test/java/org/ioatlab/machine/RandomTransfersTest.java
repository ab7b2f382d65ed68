package org.ioatlab.machine;

import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Random programs on random machines receive what random hosts send through random cables: every stream arrives as it was sent, the rules
 * of the machine hold all the time, and when all is closed nothing is left. {@code -Dioatlab.seeds=N} says how many runs.
 */
class RandomTransfersTest {
    @Test
    void everyStreamArrivesAndNothingIsLeft() {
        Seeds.forEach(seed -> new RandomTransfers(seed).run());
    }
}
