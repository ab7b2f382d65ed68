package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.StreamPattern;
import org.junit.jupiter.api.Test;

/** Sockets as clients use them, against a host on the wire. */
class TcpSocketsTest {
    private static final long SECOND = Picoseconds.PER_SECOND;
    private static final StreamPattern PATTERN = new StreamPattern(7);

    private final TestMachine machine = TestMachine.standard();
    private final RemoteHost remote = new RemoteHost(machine.machine, 1);

    private SocketViews.Socket listen(int port) {
        return machine.run(
                new SocketCommand.Open(SocketCommand.Protocol.TCP, null, port, null, null, null, Map.of(), SECOND, 0));
    }

    private SocketViews.Accepted accept(SocketViews.Socket listening) {
        return machine.run(new SocketCommand.Accept(listening.id(), SECOND, 0));
    }

    private SocketViews.Received receive(String socket, int length, String... flags) {
        return machine.run(new SocketCommand.Receive(socket, List.of(length), List.of(flags), 10 * SECOND, 0));
    }

    private static String sha256(StreamPattern pattern, int from, int length) throws Exception {
        byte[] bytes = new byte[length];
        pattern.fill(from, bytes, 0, length);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void readsWhatARemoteHostHasSent() throws Exception {
        SocketViews.Socket listening = listen(5001);
        assertEquals("LISTEN", listening.state());

        remote.connect(5001, PATTERN, 100_000);
        SocketViews.Accepted accepted = accept(listening);
        assertEquals("10.0.0.2", accepted.remoteAddress());

        assertNotNull(accepted.id());
        String socket = accepted.id();
        SocketViews.Received first = receive(socket, 60_000, "MSG_WAITALL");
        assertEquals(60_000, first.received());
        assertEquals(sha256(PATTERN, 0, 60_000), first.sha256());
        assertEquals(60_000, first.offload().cpuBytes());
        assertEquals(Map.of("NO_COPY_OFFLOAD", 60_000L), first.offload().reasons());
        assertTrue(first.cycles() > 0);

        SocketViews.Received second = receive(socket, 60_000, "MSG_WAITALL");
        assertEquals(40_000, second.received());
        assertEquals(sha256(PATTERN, 60_000, 40_000), second.sha256());
        assertFalse(second.timedOut());
        assertEquals(0, receive(socket, 1000).received());
    }
}
