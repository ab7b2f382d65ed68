package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;

/**
 * Reads connections by system calls of a user outside, now and then and with all kinds of flags and buffers; one at a time, to the end. It
 * never waits itself: whoever lets the machine run calls {@link #proceed()}.
 */
final class SocketReader {
    private static final List<List<String>> FLAGS =
            List.of(List.of(), List.of(), List.of("MSG_WAITALL"), List.of("MSG_DONTWAIT"), List.of("MSG_PEEK"));
    private static final long PATIENCE = 100 * Picoseconds.PER_MILLISECOND;

    private final TestMachine lab;
    private final SeededRandom random;
    private final int cpus;
    private final Listener listener;
    private final List<String> digests = new ArrayList<>();
    private final MessageDigest digest;
    private Call<SocketViews.Received> receiving;
    private String socket;
    private boolean peeks;
    private boolean pagesOut;

    SocketReader(TestMachine lab, SeededRandom random, int port, int receiveBuffer) throws Exception {
        this.lab = lab;
        this.random = random;
        cpus = lab.machine.cpus().cpus().size();
        digest = MessageDigest.getInstance("SHA-256");
        listener = new Listener(lab, random, port, receiveBuffer, PATIENCE);
    }

    /** From now on some buffers are paged out when a read begins. */
    void pageOut() {
        pagesOut = true;
    }

    /** Digests of the streams that were read to the end. */
    List<String> digests() {
        return digests;
    }

    /** Makes the next call if the last one has returned. */
    void proceed() {
        if (socket == null) {
            socket = listener.accept();
        } else {
            receive();
        }
    }

    private void receive() {
        if (receiving == null) {
            List<String> flags = FLAGS.get(random.nextInt(FLAGS.size()));
            peeks = flags.contains("MSG_PEEK");
            List<Integer> iov = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                iov.add(1 + random.nextInt(5_000));
            }
            receiving = lab.start(new SocketCommand.Receive(
                    socket, iov, flags, PATIENCE, random.nextInt(cpus), pagesOut && random.nextInt(3) == 0));
        } else if (receiving.isDone()) {
            take();
        }
    }

    private void take() {
        SocketViews.Received received = null;
        try {
            received = receiving.result();
        } catch (Refusal refusal) {
            assertEquals("EAGAIN", refusal.facts().get("error"), refusal::getMessage);
        }
        receiving = null;
        if (received == null || (received.timedOut() && received.received() == 0)) {
            return;
        }
        assertEquals(
                received.received(),
                received.offload().engineBytes() + received.offload().cpuBytes(),
                received::toString);
        if (received.received() == 0) {
            end();
        } else if (!peeks) {
            digest.update(received.base64());
        }
    }

    private void end() {
        digests.add(HexFormat.of().formatHex(digest.digest()));
        lab.start(new SocketCommand.Close(socket, random.nextInt(cpus)));
        socket = null;
    }

    /** Waits for the call under way and closes all. */
    void close() {
        listener.close();
    }
}
