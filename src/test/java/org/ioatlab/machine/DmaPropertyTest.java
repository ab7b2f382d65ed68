package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

/** Whatever users do, and in whatever order, copies are right, nothing is lost, and the same happens again. */
class DmaPropertyTest {
    private static final int ACTIONS = 800;

    @Test
    void copiesAreRightWhateverElseHappens() {
        int[] completed = new int[1];
        Seeds.forEach(seed -> {
            RandomUsers users = new RandomUsers(seed, false);
            for (int i = 0; i < 4; i++) {
                users.act(ACTIONS / 4);
                users.checkMemory();
            }
            users.end();
            completed[0] += users.completed();
        });
        assertThat(completed[0])
                .as("copies seen done")
                .isGreaterThan(Seeds.all().toArray().length * 10);
    }

    @Test
    void theSameHappensAgain() {
        Seeds.forEach(seed -> {
            RandomUsers once = new RandomUsers(seed, false);
            RandomUsers again = new RandomUsers(seed, false);
            for (int i = 0; i < 8; i++) {
                once.act(ACTIONS / 8);
                again.act(ACTIONS / 8);
                assertThat(again.machine.digest()).isEqualTo(once.machine.digest());
            }
        });
    }

    @Test
    void noRegisterThatAUserWritesBreaksTheMachine() {
        Seeds.forEach(seed -> {
            RandomUsers users = new RandomUsers(seed, true);
            RandomUsers again = new RandomUsers(seed, true);
            users.act(ACTIONS);
            again.act(ACTIONS);
            users.end();
            again.end();
            assertThat(again.machine.digest()).isEqualTo(users.machine.digest());
        });
    }
}
