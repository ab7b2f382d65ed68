package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.ioatlab.kernel.net.offload.OffloadRefusal;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Random machines with copy offload receive what random hosts send, while users inject faults, command channels, take them away, and pull
 * engines out and plug others in: every stream arrives as it was sent, the rules of the engine hold all the time, and nothing is left. Memory
 * that is free is overwritten. {@code -Dioatlab.seeds=N} says how many runs.
 */
class OffloadPropertyTest {
    /** As few runs as these meet every reason for which the engine isn't used. */
    private static final long ENOUGH = 20;

    /** All that is read is TCP's, and there is memory enough. */
    private static final List<String> NEVER = List.of("NOT_TCP", "PIN_FAILED");

    @Test
    void everyStreamArrivesWhateverHappensToTheEngines() {
        Set<String> reasons = new TreeSet<>();
        Seeds.forEach(seed -> {
            RandomOffload machine = new RandomOffload(seed);
            machine.run();
            reasons.addAll(machine.reasons());
        });
        if (Seeds.all().count() >= ENOUGH) {
            assertEquals(NEVER, missing(reasons), "reasons that no run met");
        }
    }

    private static List<String> missing(Set<String> reasons) {
        List<String> missing = new ArrayList<>(
                Arrays.stream(OffloadRefusal.values()).map(Enum::name).toList());
        missing.removeAll(reasons);
        return missing;
    }
}
