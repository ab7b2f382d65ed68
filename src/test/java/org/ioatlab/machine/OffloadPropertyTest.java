package org.ioatlab.machine;

import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Random machines with copy offload receive what random hosts send, while users inject faults, command channels, take them away, and pull
 * engines out and plug others in: every stream arrives as it was sent, the rules of the engine hold all the time, and nothing is left.
 * {@code -Dioatlab.seeds=N} says how many runs.
 */
class OffloadPropertyTest {
    @Test
    void everyStreamArrivesWhateverHappensToTheEngines() {
        Seeds.forEach(seed -> new RandomOffload(seed).run());
    }
}
