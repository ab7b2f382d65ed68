package org.ioatlab.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

class EventQueueTest {
    private static final int EVENTS = 300;
    private static final int STEPS = 4000;

    private final EventQueue queue = new EventQueue();

    private static final class Named extends Event {
        final int name;

        Named(int name) {
            super(name % 5 == 0);
            this.name = name;
        }

        @Override
        protected void fire() {
            throw new AssertionError("a queue fires nothing");
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put(name);
        }
    }

    /** What the queue is judged by: a list, sorted whenever the order matters. */
    private record Entry(long instant, long sequence, Named event) {
        static final Comparator<Entry> ORDER =
                Comparator.comparingLong(Entry::instant).thenComparingLong(Entry::sequence);
    }

    @Test
    void anEmptyQueueHasNoFirstInstant() {
        assertThat(queue.firstInstant()).isEqualTo(Long.MAX_VALUE);
        assertThat(queue.size()).isZero();
        assertThat(queue.foreground()).isZero();
    }

    @Test
    void equalInstantsComeInTheOrderOfScheduling() {
        Named[] events = new Named[EVENTS];
        for (int i = 0; i < EVENTS; i++) {
            events[i] = new Named(i);
            queue.add(events[i], i % 3);
        }
        for (int instant = 0; instant < 3; instant++) {
            for (int i = instant; i < EVENTS; i += 3) {
                assertThat(queue.firstInstant()).isEqualTo(instant);
                assertThat(queue.poll()).isSameAs(events[i]);
            }
        }
    }

    @Test
    void anEventIsPendingAtMostOnce() {
        Named event = new Named(1);
        queue.add(event, 10);
        assertThatThrownBy(() -> queue.add(event, 20)).isInstanceOf(IllegalStateException.class);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.instantOf(event)).isEqualTo(10);
        assertThat(queue.poll()).isSameAs(event);
        assertThat(event.isPending()).isFalse();
    }

    @Test
    void theOrderHoldsWhenSequenceNumbersBeginAnew() {
        for (long first : new long[] {EventHeap.SEQUENCES - 20, 20 - EventHeap.SEQUENCES}) {
            EventQueue old = new EventQueue(first);
            Named[] events = new Named[EVENTS];
            for (int i = 0; i < EVENTS; i++) {
                events[i] = new Named(i);
                old.add(events[i], (EVENTS - 1 - i) / 100);
            }
            for (int hundred = 2; hundred >= 0; hundred--) {
                for (int i = 0; i < 100; i++) {
                    assertThat(old.poll()).isSameAs(events[100 * hundred + i]);
                }
            }
        }
    }

    @Test
    void morePendingEventsThanSlotsAreRefused() {
        EventQueue crowded = new EventQueue();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1 << 21; i++) {
                        crowded.add(new Named(i), i);
                    }
                })
                .isInstanceOf(IllegalStateException.class);
        assertThat(crowded.size()).isEqualTo((1 << 20) + 16);
        assertThat(crowded.poll()).isInstanceOf(Named.class);
    }

    @Test
    void agreesWithASortedListWhateverIsAddedPolledAndRemoved() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            EventQueue queue =
                    new EventQueue((EventHeap.SEQUENCES - 1 - random.nextInt(1000)) * (seed % 2 == 0 ? 1 : -1));
            List<Entry> list = new ArrayList<>();
            List<Named> idle = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                idle.add(new Named(i));
            }
            long sequence = 0;
            long now = 0;
            for (int step = 0; step < STEPS; step++) {
                // Phases that mostly grow and phases that mostly shrink, so that the heap is seen at every size.
                int choice = random.nextInt(10) + (step / 500 % 2 == 0 ? 0 : 3);
                if (choice < 6 && !idle.isEmpty()) {
                    Named event = idle.remove(random.nextInt(idle.size()));
                    long instant = now + random.nextInt(step % 2 == 0 ? 8 : 1000);
                    queue.add(event, instant);
                    list.add(new Entry(instant, sequence++, event));
                } else if (choice < 9 && !list.isEmpty()) {
                    list.sort(Entry.ORDER);
                    Entry first = list.removeFirst();
                    assertThat(queue.poll()).isSameAs(first.event());
                    now = first.instant();
                    idle.add(first.event());
                } else if (!list.isEmpty()) {
                    Entry entry = list.remove(random.nextInt(list.size()));
                    queue.remove(entry.event());
                    idle.add(entry.event());
                }
                check(queue, list, idle);
            }
            list.sort(Entry.ORDER);
            for (Entry entry : list) {
                assertThat(queue.firstInstant()).isEqualTo(entry.instant());
                assertThat(queue.poll()).isSameAs(entry.event());
            }
            assertThat(queue.size()).isZero();
        });
    }

    private static void check(EventQueue queue, List<Entry> list, List<Named> idle) {
        assertThat(queue.size()).isEqualTo(list.size());
        assertThat(queue.firstInstant())
                .isEqualTo(list.stream().mapToLong(Entry::instant).min().orElse(Long.MAX_VALUE));
        assertThat(queue.foreground()).isEqualTo((int)
                list.stream().filter(e -> e.event().name % 5 != 0).count());
        for (Entry entry : list) {
            if (!entry.event().isPending() || queue.instantOf(entry.event()) != entry.instant()) {
                throw new AssertionError("wrong about " + entry);
            }
        }
        for (Named event : idle) {
            if (event.isPending()) {
                throw new AssertionError("pending though idle: " + event.name);
            }
        }
    }

    @Test
    void queuesWithTheSameEventsInTheSameOrderHashAlike() {
        EventQueue direct = new EventQueue();
        EventQueue detour = new EventQueue();
        Named early = new Named(98);
        Named late = new Named(99);
        detour.add(early, 1);
        detour.add(late, 500);
        for (int i = 0; i < 40; i++) {
            direct.add(new Named(i), i / 4);
        }
        for (int i = 0; i < 40; i++) {
            detour.add(new Named(i), i / 4);
        }
        detour.remove(early);
        detour.remove(late);
        assertThat(hashOf(detour)).isEqualTo(hashOf(direct));
    }

    @Test
    void hashesDifferByInstantOrderAndEvent() {
        List<String> hashes = List.of(
                hashOf(with(new int[] {1, 2}, new long[] {5, 5})),
                hashOf(with(new int[] {2, 1}, new long[] {5, 5})),
                hashOf(with(new int[] {1, 2}, new long[] {5, 6})),
                hashOf(with(new int[] {1, 3}, new long[] {5, 5})),
                hashOf(with(new int[] {1}, new long[] {5})));
        assertThat(hashes).doesNotHaveDuplicates();
    }

    private static EventQueue with(int[] names, long[] instants) {
        EventQueue queue = new EventQueue();
        for (int i = 0; i < names.length; i++) {
            queue.add(new Named(names[i]), instants[i]);
        }
        return queue;
    }

    private static String hashOf(EventQueue queue) {
        StateHash hash = new StateHash();
        queue.hashInto(hash);
        return hash.hex();
    }
}
