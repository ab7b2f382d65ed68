package org.ioatlab.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.EventLoop.Stop;
import org.junit.jupiter.api.Test;

class EventLoopTest {
    private static final long FOREVER = Long.MAX_VALUE;

    private final EventLoop loop = new EventLoop();
    private final List<String> log = new ArrayList<>();

    private class Noted extends Event {
        final String name;

        Noted(String name) {
            this(name, false);
        }

        Noted(String name, boolean background) {
            super(background);
            this.name = name;
        }

        @Override
        protected void fire() {
            log.add(name + "@" + loop.nowPs());
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put(name);
        }
    }

    /** Fires every {@code periodPs} for good. */
    private final class Tick extends Noted {
        final long periodPs;

        Tick(String name, long periodPs, boolean background) {
            super(name, background);
            this.periodPs = periodPs;
        }

        @Override
        protected void fire() {
            super.fire();
            loop.scheduleAfter(this, periodPs);
        }
    }

    private Stop runTo(long untilPs) {
        return loop.run(untilPs, FOREVER, false);
    }

    @Test
    void aNewClockStandsAtZeroAndIsIdle() {
        assertThat(loop.nowPs()).isZero();
        assertThat(loop.fired()).isZero();
        assertThat(loop.pending()).isZero();
        assertThat(loop.isIdle()).isTrue();
        assertThat(loop.nextPs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void eventsFireByInstantAndThenByOrderOfScheduling() {
        loop.schedule(new Noted("c"), 20);
        loop.schedule(new Noted("a"), 10);
        loop.schedule(new Noted("d"), 20);
        loop.schedule(new Noted("b"), 10);
        assertThat(runTo(20)).isEqualTo(Stop.TIME);
        assertThat(log).containsExactly("a@10", "b@10", "c@20", "d@20");
        assertThat(loop.fired()).isEqualTo(4);
    }

    @Test
    void whatAnEventSchedulesForItsOwnInstantComesAfterWhatWasThereBefore() {
        loop.schedule(
                new Noted("a") {
                    @Override
                    protected void fire() {
                        super.fire();
                        loop.scheduleAfter(new Noted("c"), 0);
                    }
                },
                10);
        loop.schedule(new Noted("b"), 10);
        runTo(10);
        assertThat(log).containsExactly("a@10", "b@10", "c@10");
    }

    @Test
    void anEventMaySchedulesItselfWhileItFires() {
        loop.schedule(new Tick("tick", 7, false), 7);
        assertThat(runTo(30)).isEqualTo(Stop.TIME);
        assertThat(log).containsExactly("tick@7", "tick@14", "tick@21", "tick@28");
        assertThat(loop.nowPs()).isEqualTo(30);
        assertThat(loop.nextPs()).isEqualTo(35);
    }

    @Test
    void aCancelledEventDoesNotFireAndCancellingTwiceDoesNothing() {
        Noted cancelled = new Noted("cancelled");
        loop.schedule(cancelled, 10);
        loop.schedule(new Noted("kept"), 10);
        loop.cancel(cancelled);
        loop.cancel(cancelled);
        runTo(10);
        assertThat(log).containsExactly("kept@10");
    }

    @Test
    void aCancelledEventMayBeScheduledAgain() {
        Noted event = new Noted("event");
        loop.schedule(event, 10);
        loop.cancel(event);
        loop.schedule(event, 15);
        assertThat(loop.instantOf(event)).isEqualTo(15);
        runTo(20);
        assertThat(log).containsExactly("event@15");
    }

    @Test
    void thePastIsRefusedAndThePresentIsNot() {
        runTo(100);
        assertThatThrownBy(() -> loop.schedule(new Noted("past"), 99)).isInstanceOf(IllegalArgumentException.class);
        assertThat(loop.pending()).isZero();
        loop.schedule(new Noted("present"), 100);
        assertThat(runTo(100)).isEqualTo(Stop.TIME);
        assertThat(log).containsExactly("present@100");
    }

    @Test
    void runFiresWhatIsDueAtItsLastInstantAndNothingLater() {
        loop.schedule(new Noted("at"), 50);
        loop.schedule(new Noted("after"), 51);
        assertThat(runTo(50)).isEqualTo(Stop.TIME);
        assertThat(log).containsExactly("at@50");
        assertThat(loop.nowPs()).isEqualTo(50);
    }

    @Test
    void runNeverMovesTheClockBack() {
        runTo(50);
        assertThat(runTo(20)).isEqualTo(Stop.TIME);
        assertThat(loop.nowPs()).isEqualTo(50);
    }

    @Test
    void runStopsAfterTheEventsItMayFire() {
        loop.schedule(new Tick("tick", 10, false), 10);
        assertThat(loop.run(1000, 3, false)).isEqualTo(Stop.EVENTS);
        assertThat(log).containsExactly("tick@10", "tick@20", "tick@30");
        assertThat(loop.nowPs()).isEqualTo(30);
        assertThat(loop.run(1000, 0, false)).isEqualTo(Stop.EVENTS);
        assertThat(loop.fired()).isEqualTo(3);
    }

    @Test
    void anAllowanceThatIsJustEnoughReachesTheInstant() {
        loop.schedule(new Noted("a"), 10);
        loop.schedule(new Noted("b"), 20);
        assertThat(loop.run(25, 2, false)).isEqualTo(Stop.TIME);
        assertThat(loop.nowPs()).isEqualTo(25);
    }

    @Test
    void untilIdleStopsAtTheLastForegroundEventThoughBackgroundOnesGoOn() {
        loop.schedule(new Tick("jiffy", 10, true), 10);
        loop.schedule(new Noted("work"), 25);
        assertThat(loop.isIdle()).isFalse();
        assertThat(loop.run(1000, FOREVER, true)).isEqualTo(Stop.IDLE);
        assertThat(log).containsExactly("jiffy@10", "jiffy@20", "work@25");
        assertThat(loop.nowPs()).isEqualTo(25);
        assertThat(loop.isIdle()).isTrue();
        assertThat(loop.pending()).isEqualTo(1);
        assertThat(loop.run(1000, FOREVER, true)).isEqualTo(Stop.IDLE);
        assertThat(loop.nowPs()).isEqualTo(25);
    }

    @Test
    void cancellingTheLastForegroundEventMakesTheLoopIdle() {
        Noted work = new Noted("work");
        loop.schedule(work, 25);
        loop.cancel(work);
        assertThat(loop.isIdle()).isTrue();
    }

    @Test
    void anEventMayStopTheRun() {
        loop.schedule(
                new Noted("stop") {
                    @Override
                    protected void fire() {
                        super.fire();
                        loop.requestStop();
                    }
                },
                10);
        loop.schedule(new Noted("same instant"), 10);
        assertThat(runTo(100)).isEqualTo(Stop.REQUESTED);
        assertThat(log).containsExactly("stop@10");
        assertThat(loop.nowPs()).isEqualTo(10);
        assertThat(runTo(100)).isEqualTo(Stop.TIME);
        assertThat(log).containsExactly("stop@10", "same instant@10");
    }

    @Test
    void theClockStopsAtTheHorizon() {
        loop.schedule(new Noted("last"), EventLoop.HORIZON_PS);
        loop.schedule(new Noted("never"), EventLoop.HORIZON_PS + 1);
        assertThat(runTo(FOREVER)).isEqualTo(Stop.TIME);
        assertThat(loop.nowPs()).isEqualTo(EventLoop.HORIZON_PS);
        assertThat(log).containsExactly("last@" + EventLoop.HORIZON_PS);
    }

    @Test
    void aDelayThatLeadsBeyondAllTimeNeverFires() {
        runTo(EventLoop.HORIZON_PS);
        Noted event = new Noted("never");
        loop.scheduleAfter(event, EventLoop.HORIZON_PS);
        assertThat(event.isPending()).isTrue();
        assertThat(runTo(FOREVER)).isEqualTo(Stop.TIME);
        assertThat(log).isEmpty();
    }

    @Test
    void aPointOfARunIsNamedByEventsFiredAndInstant() {
        loop.schedule(new Tick("tick", 10, false), 10);
        loop.replayTo(3, 35);
        assertThat(log).containsExactly("tick@10", "tick@20", "tick@30");
        assertThat(loop.nowPs()).isEqualTo(35);
        loop.replayTo(3, 40);
        assertThat(log).hasSize(3);
        assertThat(loop.nowPs()).isEqualTo(40);
        loop.replayTo(4, 40);
        assertThat(log).hasSize(4);
    }

    @Test
    void aPointThatTheRunDoesNotPassThroughIsRefused() {
        loop.schedule(new Tick("tick", 10, false), 10);
        runTo(25);
        assertThatThrownBy(() -> loop.replayTo(2, 24)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> loop.replayTo(1, 25)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> loop.replayTo(2, 31)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> loop.replayTo(3, 29)).isInstanceOf(IllegalStateException.class);
        assertThat(loop.nowPs()).isEqualTo(25);
        assertThat(loop.fired()).isEqualTo(2);
    }

    @Test
    void aReplayGoesNoFurtherThanItsInstantHoweverManyEventsItNames() {
        loop.schedule(new Tick("tick", 10, true), 10);
        assertThatThrownBy(() -> loop.replayTo(Long.MAX_VALUE, 1000)).isInstanceOf(IllegalStateException.class);
        assertThat(loop.nowPs()).isLessThanOrEqualTo(1000);
    }

    @Test
    void aPointBeyondTheHorizonIsRefused() {
        assertThatThrownBy(() -> loop.replayTo(0, EventLoop.HORIZON_PS + 1)).isInstanceOf(IllegalStateException.class);
        loop.replayTo(0, EventLoop.HORIZON_PS);
        assertThat(loop.nowPs()).isEqualTo(EventLoop.HORIZON_PS);
    }

    @Test
    void aRestartedClockBeginsAtZeroAndIsRefusedWhileEventsArePending() {
        loop.schedule(new Noted("boot"), 10);
        assertThatThrownBy(loop::restart).isInstanceOf(IllegalStateException.class);
        runTo(20);
        String used = hash();
        loop.restart();
        assertThat(loop.nowPs()).isZero();
        assertThat(loop.fired()).isZero();
        assertThat(hash()).isNotEqualTo(used);
        loop.schedule(new Noted("run"), 5);
        runTo(20);
        assertThat(log).containsExactly("boot@10", "run@5");
        assertThat(hash()).isEqualTo(used);
    }

    private String hash() {
        StateHash hash = new StateHash();
        loop.hashInto(hash);
        return hash.hex();
    }

    /** A little world in which events breed and cancel each other at random. */
    private static final class World {
        final EventLoop loop = new EventLoop();
        final List<Long> fired = new ArrayList<>();
        private final SeededRandom random;
        private final List<Breeder> breeders = new ArrayList<>();

        World(long seed) {
            random = new SeededRandom(seed);
            for (int i = 0; i < 30; i++) {
                breeders.add(new Breeder(i));
                loop.schedule(breeders.get(i), random.nextInt(50));
            }
        }

        final class Breeder extends Event {
            final int name;

            Breeder(int name) {
                this.name = name;
            }

            @Override
            protected void fire() {
                fired.add(loop.nowPs() * 100 + name);
                Breeder victim = breeders.get(random.nextInt(breeders.size()));
                loop.cancel(victim);
                for (int i = 0; i < 2; i++) {
                    Breeder next = breeders.get(random.nextInt(breeders.size()));
                    if (!next.isPending()) {
                        loop.scheduleAfter(next, random.nextInt(20));
                    }
                }
            }

            @Override
            protected void hashInto(StateHash hash) {
                hash.put(name);
            }
        }

        String hash() {
            StateHash hash = new StateHash();
            loop.hashInto(hash);
            return hash.hex();
        }
    }

    @Test
    void howARunIsCutIntoPiecesChangesNothing() {
        Seeds.forEach(seed -> {
            World whole = new World(seed);
            whole.loop.run(2000, FOREVER, false);
            World pieces = new World(seed);
            SeededRandom cuts = new SeededRandom(~seed);
            while (pieces.loop.nowPs() < 2000) {
                pieces.loop.run(
                        Math.min(2000, pieces.loop.nowPs() + cuts.nextInt(30)), cuts.nextInt(10), cuts.nextInt(2) == 0);
                if (pieces.loop.isIdle()) {
                    pieces.loop.run(2000, FOREVER, false);
                }
            }
            pieces.loop.run(2000, FOREVER, false);
            assertThat(pieces.fired).isEqualTo(whole.fired);
            assertThat(pieces.hash()).isEqualTo(whole.hash());
            World replayed = new World(seed);
            replayed.loop.replayTo(whole.loop.fired(), whole.loop.nowPs());
            assertThat(replayed.hash()).isEqualTo(whole.hash());
        });
    }
}
