package org.ioatlab.hardware.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

/** At 1000 MB/s a byte takes 1000 ps alone. */
class SharedBandwidthTest {
    private final EventLoop loop = new EventLoop();
    private final SharedBandwidth path = new SharedBandwidth(loop, 4, 1000);
    private final List<String> log = new ArrayList<>();

    private void begin(int user, long bytes) {
        path.begin(user, bytes, () -> log.add(user + "@" + loop.nowPs()));
    }

    private void runTo(long ps) {
        loop.run(ps, Long.MAX_VALUE, false);
    }

    @Test
    void aloneATransferHasTheWholeRate() {
        begin(0, 64);
        runTo(1_000_000);
        assertThat(log).containsExactly("0@64000");
        assertThat(loop.isIdle()).isTrue();
    }

    @Test
    void aByteAt2400MegabytesPerSecondTakes416PicosecondsRoundedDownOnce() {
        SharedBandwidth odd = new SharedBandwidth(loop, 1, 2400);
        odd.begin(0, 1, () -> log.add("one@" + loop.nowPs()));
        runTo(1000);
        odd.begin(0, 1000, () -> log.add("thousand@" + loop.nowPs()));
        runTo(1_000_000);
        assertThat(log).containsExactly("one@416", "thousand@" + (1000 + 416_666));
    }

    @Test
    void twoTransfersProceedAtHalfTheRate() {
        begin(0, 10);
        begin(1, 10);
        runTo(1_000_000);
        assertThat(log).containsExactly("0@20000", "1@20000");
    }

    @Test
    void theLongerOneSpeedsUpWhenTheShorterOneEnds() {
        begin(0, 10);
        begin(1, 30);
        runTo(1_000_000);
        assertThat(log).containsExactly("0@20000", "1@40000");
    }

    @Test
    void aLateComerSlowsDownTheOneUnderWay() {
        begin(0, 10);
        runTo(4_000);
        begin(1, 3);
        runTo(1_000_000);
        // 6000 ps of work are left for user 0; both share until user 1's 3000 are done.
        assertThat(log).containsExactly("1@10000", "0@13000");
    }

    @Test
    void threeUsersStartingApartEndToThePicosecond() {
        begin(0, 9);
        runTo(1_000);
        begin(1, 9);
        runTo(4_001);
        begin(2, 1);
        runTo(1_000_000);
        // At 4001 the picosecond that two users can't halve is left to the three; so user 2's 1000 ps count from 4000.
        assertThat(log).containsExactly("2@7000", "0@18000", "1@19000");
    }

    @Test
    void nothingIsLostHoweverOftenOthersComeAndGo() {
        begin(0, 100);
        for (int i = 0; i < 1000; i++) {
            begin(1, 50);
            begin(2, 50);
            runTo(loop.nowPs() + 7);
            path.cancel(1);
            path.cancel(2);
        }
        // Of each 7 ps every user gets 2, and the one that stays the last: 3000 of 7000 in all.
        runTo(1_000_000);
        assertThat(log).containsExactly("0@" + (7_000 + 100_000 - 3_000));
    }

    @Test
    void aCancelledTransferNeverCompletesAndFreesItsShare() {
        begin(0, 10);
        begin(1, 10);
        runTo(10_000);
        path.cancel(1);
        path.cancel(1);
        runTo(1_000_000);
        assertThat(log).containsExactly("0@15000");
    }

    @Test
    void theLastCancelLeavesThePathIdleAndFresh() {
        begin(0, 10);
        runTo(3_000);
        path.cancel(0);
        assertThat(loop.isIdle()).isTrue();
        runTo(50_000);
        begin(0, 10);
        runTo(1_000_000);
        assertThat(log).containsExactly("0@60000");
    }

    @Test
    void nothingToTransferIsDoneAtOnceButNotWithinTheCall() {
        begin(3, 0);
        assertThat(log).isEmpty();
        runTo(0);
        assertThat(log).containsExactly("3@0");
    }

    @Test
    void nothingToTransferIsDoneAtOnceAmongOthersToo() {
        begin(0, 10);
        begin(1, 10);
        runTo(1);
        begin(2, 0);
        runTo(1_000_000);
        assertThat(log).containsExactly("2@1", "0@20000", "1@20000");
    }

    @Test
    void aUserHasOneTransferAtATimeAndMayBeginTheNextWhenTold() {
        begin(0, 10);
        assertThatThrownBy(() -> begin(0, 10)).isInstanceOf(IllegalStateException.class);
        SharedBandwidth.Transfer again = new SharedBandwidth.Transfer() {
            private int left = 3;

            @Override
            public void transferred() {
                log.add("chain@" + loop.nowPs());
                if (--left > 0) {
                    path.begin(1, 2, this);
                }
            }
        };
        path.begin(1, 2, again);
        runTo(1_000_000);
        assertThat(log).containsExactly("chain@4000", "chain@8000", "chain@12000", "0@16000");
    }

    /** Users that begin, at random instants, transfers of random sizes, never leaving the path idle. */
    private static final class Load extends Event {
        final EventLoop loop = new EventLoop();
        final SeededRandom random;
        final SharedBandwidth path;
        final long[] begunPs = new long[4];
        final long[] work = new long[4];
        long totalWork;
        long lastCompletionPs;
        int completed;
        int toBegin = 300;

        Load(long seed) {
            random = new SeededRandom(seed);
            path = new SharedBandwidth(loop, 4, 1000);
            begin(0);
            loop.scheduleAfter(this, 1);
        }

        void begin(int user) {
            toBegin--;
            long bytes = 1L + random.nextInt(2000);
            work[user] = bytes * 1000;
            begunPs[user] = loop.nowPs();
            totalWork += work[user];
            path.begin(user, bytes, () -> ended(user));
        }

        void ended(int user) {
            completed++;
            lastCompletionPs = loop.nowPs();
            long took = loop.nowPs() - begunPs[user];
            assertThat(took).isBetween(work[user] - 3, 4 * work[user] + 3);
            work[user] = 0;
            if (toBegin > 0 && work[0] + work[1] + work[2] + work[3] == 0) {
                begin(user);
            }
        }

        @Override
        protected void fire() {
            int user = random.nextInt(4);
            if (work[user] == 0 && toBegin > 0) {
                begin(user);
            }
            if (toBegin > 0) {
                loop.scheduleAfter(this, 1 + random.nextInt(1_000_000));
            }
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("load");
        }
    }

    @Test
    void aPathThatIsNeverIdleMovesAllBytesInExactlyTheTimeOfItsRate() {
        Seeds.forEach(seed -> {
            Load load = new Load(seed);
            assertThat(load.loop.run(Long.MAX_VALUE, 100_000, true)).isEqualTo(EventLoop.Stop.IDLE);
            assertThat(load.completed).isEqualTo(300);
            assertThat(load.lastCompletionPs).isEqualTo(load.totalWork);
        });
    }

    @Test
    void theHashTellsWhoTransfersHowMuch() {
        assertThat(new String[] {
                    hashOf(0, 10, 0), hashOf(1, 10, 0), hashOf(0, 11, 0), hashOf(0, 10, 5), hashOf(0, 0, 0),
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void anIdlePathHashesLikeANewOne() {
        String fresh = hashOf(path);
        begin(0, 1);
        runTo(5_000);
        assertThat(hashOf(path)).isEqualTo(fresh);
    }

    private static String hashOf(int user, long bytes, long atPs) {
        EventLoop loop = new EventLoop();
        SharedBandwidth path = new SharedBandwidth(loop, 4, 1000);
        loop.run(atPs, 1, false);
        path.begin(user, bytes, () -> {});
        return hashOf(path);
    }

    private static String hashOf(SharedBandwidth path) {
        StateHash hash = new StateHash();
        path.hashInto(hash);
        return hash.hex();
    }
}
