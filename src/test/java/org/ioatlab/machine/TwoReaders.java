package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.workload.StreamPattern;

/**
 * Two threads of a user outside that read the same connection at the same time, each when it likes, to the end. Each gets some of the bytes, in
 * order, and no byte goes to both. It never waits itself: whoever lets the machine run calls {@link #proceed()}.
 */
final class TwoReaders {
    private static final List<List<String>> FLAGS =
            List.of(List.of(), List.of(), List.of("MSG_WAITALL"), List.of("MSG_DONTWAIT"));
    private static final long PATIENCE = 100 * Picoseconds.PER_MILLISECOND;
    private static final int LONGEST_PART = 8_000;

    /** How the bytes of a traffic's first stream follow from its seed. */
    private static final long STREAM_SEED_FACTOR = 1_000_003;

    private final TestMachine lab;
    private final SeededRandom random;
    private final int cpus;
    private final Listener listener;
    private final TrafficPlan plan;
    private final Reader first = new Reader();
    private final Reader second = new Reader();
    private String socket;
    private boolean closed;

    /** One thread. */
    private static final class Reader {
        final ByteArrayOutputStream read = new ByteArrayOutputStream();
        Call<SocketViews.Received> call;
        boolean atEnd;
    }

    /** @param plan one stream, which hasn't begun */
    TwoReaders(TestMachine lab, SeededRandom random, TrafficPlan plan, int receiveBuffer) {
        this.lab = lab;
        this.random = random;
        this.plan = plan;
        cpus = lab.machine.cpus().cpus().size();
        listener = new Listener(lab, random, plan.port(), receiveBuffer, PATIENCE);
    }

    /** Whether all has been read. */
    boolean isOver() {
        return closed;
    }

    /** Makes the next calls if the last ones have returned. */
    void proceed() {
        if (closed) {
            return;
        }
        if (socket == null) {
            socket = listener.accept();
            return;
        }
        proceed(first);
        proceed(second);
        if (first.atEnd && second.atEnd) {
            lab.start(new SocketCommand.Close(socket, random.nextInt(cpus)));
            closed = true;
            check();
        }
    }

    private void proceed(Reader reader) {
        if (reader.call == null && !reader.atEnd && random.nextInt(3) > 0) {
            List<Integer> iov = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(2); i++) {
                iov.add(1 + random.nextInt(LONGEST_PART));
            }
            List<String> flags = FLAGS.get(random.nextInt(FLAGS.size()));
            reader.call = lab.start(new SocketCommand.Receive(
                    socket, iov, flags, PATIENCE, random.nextInt(cpus), random.nextInt(6) == 0));
        } else if (reader.call != null && reader.call.isDone()) {
            take(reader);
        }
    }

    private static void take(Reader reader) {
        Call<SocketViews.Received> call = reader.call;
        reader.call = null;
        try {
            SocketViews.Received received = call.result();
            reader.read.writeBytes(received.base64());
            reader.atEnd = received.received() == 0 && !received.timedOut();
            assertEquals(
                    received.received(),
                    received.offload().engineBytes() + received.offload().cpuBytes(),
                    received::toString);
        } catch (Refusal refusal) {
            assertEquals("EAGAIN", refusal.facts().get("error"), refusal::getMessage);
        }
    }

    /** What both have read is the stream, in an order in which they may have taken turns. */
    private void check() {
        byte[] a = first.read.toByteArray();
        byte[] b = second.read.toByteArray();
        byte[] sent = new byte[a.length + b.length];
        new StreamPattern(plan.seed * STREAM_SEED_FACTOR).fill(0, sent, 0, sent.length);
        assertEquals(plan.command().bytes(), sent.length, "bytes read");
        // how many bytes of the stream so far the first reader may have read, ascending
        List<Integer> possible = List.of(0);
        for (int at = 0; at < sent.length; at++) {
            possible = following(possible, at, sent[at], a, b);
            int wrong = at;
            assertFalse(possible.isEmpty(), () -> "neither reader has byte " + wrong + ": " + lab.machine.spec());
        }
    }

    private static List<Integer> following(List<Integer> possible, int at, byte next, byte[] a, byte[] b) {
        List<Integer> following = new ArrayList<>(possible.size() + 1);
        for (int i : possible) {
            boolean listed = !following.isEmpty() && following.getLast() == i;
            if (!listed && at - i < b.length && b[at - i] == next) {
                following.add(i);
            }
            if (i < a.length && a[i] == next) {
                following.add(i + 1);
            }
        }
        return following;
    }

    /** Waits for nothing: all calls have returned. */
    void close() {
        listener.close();
    }
}
