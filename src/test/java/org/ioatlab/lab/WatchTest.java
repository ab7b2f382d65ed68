package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.machine.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watchers hear every entry once, in order, from where they want. */
class WatchTest {
    private final Lab lab = new Lab();
    private final MachineHandle machine = lab.running();
    private final Listener listener = new Listener();

    private static final class Listener implements JournalWatcher {
        final List<JournalEntry> heard = new ArrayList<>();
        String end = "";

        @Override
        public void recorded(JournalEntry entry) {
            heard.add(entry);
        }

        @Override
        public void ended(Refusal reason) {
            end += reason.type();
        }
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private List<JournalEntry> journal() {
        return machine.journal().join().entries();
    }

    @Test
    void theyHearWhatIsThereAndWhatFollows() {
        Lab.leave(machine.execute(Lab.buffer(64)));
        machine.watch(0, listener).join();
        assertThat(listener.heard).hasSize(1);
        machine.patchClock(ClockState.PAUSED, null, null).join();
        lab.done(machine.execute(Lab.pages(5_000)));
        lab.done(machine.advance(new Advance.By(1), null));
        assertThat(listener.heard).hasSize(4).isEqualTo(journal());
    }

    @Test
    void theyBeginWhereTheyWant() {
        Lab.leave(machine.execute(Lab.buffer(64)));
        Lab.leave(machine.execute(Lab.buffer(64)));
        machine.watch(1, listener).join();
        assertThat(listener.heard).isEqualTo(journal().subList(1, 2));
        assertThat(lab.refused(machine.watch(3, listener))).isEqualTo("MEANINGLESS no-such-sequence");
        assertThat(lab.refused(machine.watch(-1, listener))).isEqualTo("MEANINGLESS no-such-sequence");
    }

    @Test
    void theyHearThatTheHorizonPausedTheClock() {
        machine.patchClock(null, ClockSetting.FASTEST, null).join();
        machine.watch(1, listener).join();
        lab.pass(8_640_000_000_000L);
        assertThat(listener.heard).isEqualTo(journal().subList(1, 2));
    }

    @Test
    void closedOnesHearNothingMore() {
        machine.watch(0, listener).join().close();
        Lab.leave(machine.execute(Lab.buffer(64)));
        lab.fleet.delete(machine.id());
        assertThat(listener.heard).isEmpty();
        assertThat(listener.end).isEmpty();
    }

    @Test
    void theyHearOfTheEnd() {
        machine.watch(0, listener).join();
        lab.fleet.delete(machine.id());
        assertThat(listener.end).isEqualTo("machine-deleted");
    }
}
