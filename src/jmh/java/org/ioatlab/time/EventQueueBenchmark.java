package org.ioatlab.time;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The hold model: with so many events pending, the first one fires and schedules itself again after a random delay. Beside it a bare
 * binary heap on the same primitive keys does the same with an {@code int} for an event.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventQueueBenchmark {
    private static final int DELAYS = 1 << 16;

    @Param({"16", "4096"})
    int pending;

    private final int[] delays = new int[DELAYS];
    private int nextDelay;
    private EventQueue queue;
    private EventLoop loop;
    private BinaryHeap heap;

    private static final class Nothing extends Event {
        @Override
        protected void fire() {}

        @Override
        protected void hashInto(StateHash hash) {}
    }

    private final class Holding extends Event {
        @Override
        protected void fire() {
            loop.scheduleAfter(this, delay());
        }

        @Override
        protected void hashInto(StateHash hash) {}
    }

    /** The textbook's heap: arrays of instants, sequence numbers and payloads, smallest first. */
    static final class BinaryHeap {
        private final long[] instants;
        private final long[] sequences;
        private final int[] payloads;
        private int size;
        private long nextSequence;

        BinaryHeap(int capacity) {
            instants = new long[capacity];
            sequences = new long[capacity];
            payloads = new int[capacity];
        }

        long firstInstant() {
            return instants[0];
        }

        void add(long instant, int payload) {
            long sequence = nextSequence++;
            int at = size++;
            while (at > 0) {
                int parent = (at - 1) >> 1;
                if (!isBefore(instant, sequence, parent)) {
                    break;
                }
                place(at, instants[parent], sequences[parent], payloads[parent]);
                at = parent;
            }
            place(at, instant, sequence, payload);
        }

        int poll() {
            int first = payloads[0];
            int last = --size;
            long instant = instants[last];
            long sequence = sequences[last];
            int at = 0;
            int child;
            while ((child = 2 * at + 1) < last) {
                if (child + 1 < last && isBefore(instants[child + 1], sequences[child + 1], child)) {
                    child++;
                }
                if (isBefore(instant, sequence, child)) {
                    break;
                }
                place(at, instants[child], sequences[child], payloads[child]);
                at = child;
            }
            place(at, instant, sequence, payloads[last]);
            return first;
        }

        private boolean isBefore(long instant, long sequence, int at) {
            return instant < instants[at] || (instant == instants[at] && sequence < sequences[at]);
        }

        private void place(int at, long instant, long sequence, int payload) {
            instants[at] = instant;
            sequences[at] = sequence;
            payloads[at] = payload;
        }
    }

    @Setup
    public void fill() {
        SeededRandom random = new SeededRandom(1);
        for (int i = 0; i < DELAYS; i++) {
            delays[i] = random.nextInt(1_000_000);
        }
        queue = new EventQueue();
        loop = new EventLoop();
        heap = new BinaryHeap(pending + 1);
        for (int i = 0; i < pending; i++) {
            queue.add(new Nothing(), delay());
            heap.add(delay(), i);
            loop.schedule(new Holding(), delay());
        }
    }

    @Benchmark
    public long queue() {
        long now = queue.firstInstant();
        Event event = queue.poll();
        queue.add(event, now + delay());
        return now;
    }

    @Benchmark
    public long loop() {
        loop.run(Long.MAX_VALUE, 1, false);
        return loop.nowPs();
    }

    @Benchmark
    public long bareBinaryHeap() {
        long now = heap.firstInstant();
        int payload = heap.poll();
        heap.add(now + delay(), payload);
        return now;
    }

    private int delay() {
        return delays[nextDelay++ & (DELAYS - 1)];
    }
}
