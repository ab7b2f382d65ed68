package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.ioatlab.time.SeededRandom;

/** A socket of a user outside that accepts one connection after the other, on any processor. It never waits itself. */
final class Listener {
    private final TestMachine lab;
    private final SeededRandom random;
    private final long patiencePs;
    private final int cpus;
    private final String socket;
    private Call<SocketViews.Accepted> accepting;

    /** @param patiencePs how long a call waits */
    Listener(TestMachine lab, SeededRandom random, int port, int receiveBuffer, long patiencePs) {
        this.lab = lab;
        this.random = random;
        this.patiencePs = patiencePs;
        cpus = lab.machine.cpus().cpus().size();
        socket = lab.run(new SocketCommand.Open(
                        SocketCommand.Protocol.TCP,
                        null,
                        port,
                        64,
                        null,
                        null,
                        Map.of("SO_RCVBUF", (long) receiveBuffer),
                        0,
                        0))
                .id();
    }

    /** The next connection's socket, or null while it hasn't come; calls again if the last call has returned. */
    String accept() {
        if (accepting == null) {
            accepting = lab.start(new SocketCommand.Accept(socket, patiencePs, random.nextInt(cpus)));
        } else if (accepting.isDone()) {
            String accepted = accepting.result().id();
            accepting = null;
            return accepted;
        }
        return null;
    }

    /** Waits for the call under way and closes. */
    void close() {
        if (accepting != null) {
            assertEquals(null, lab.finish(accepting).id(), "a connection that nobody made");
        }
        lab.run(new SocketCommand.Close(socket, 0));
    }
}
