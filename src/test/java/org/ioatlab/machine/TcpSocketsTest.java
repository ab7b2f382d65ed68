package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.StreamPattern;
import org.junit.jupiter.api.Test;

/** Sockets as clients use them, against a host on the wire. */
class TcpSocketsTest {
    private static final long SECOND = Picoseconds.PER_SECOND;
    private static final long MS = Picoseconds.PER_MILLISECOND;
    private static final StreamPattern PATTERN = new StreamPattern(7);

    private final TestMachine machine = TestMachine.standard();
    private final RemoteHost remote = new RemoteHost(machine.machine, 1);

    private SocketViews.Socket open(SocketCommand.Protocol protocol, Integer port, Integer connectPort) {
        return machine.run(new SocketCommand.Open(
                protocol, null, port, null, connectPort == null ? null : "10.0.0.2", connectPort, Map.of(), SECOND, 0));
    }

    private SocketViews.Socket listen(int port) {
        return open(SocketCommand.Protocol.TCP, port, null);
    }

    private String accept(SocketViews.Socket listening) {
        SocketViews.Accepted accepted = machine.run(new SocketCommand.Accept(listening.id(), SECOND, 0));
        assertFalse(accepted.timedOut());
        return accepted.id();
    }

    /** A connection over which the remote host sends so many bytes. */
    private String receiving(long bytes) {
        SocketViews.Socket listening = listen(5001);
        remote.connect(5001, PATTERN, bytes);
        return accept(listening);
    }

    private SocketViews.Received receive(String socket, int length, String... flags) {
        return machine.run(new SocketCommand.Receive(socket, List.of(length), List.of(flags), 10 * SECOND, 0));
    }

    private SocketViews.Sent send(String socket, byte[] bytes, boolean file) {
        return machine.run(new SocketCommand.Send(
                socket, bytes.length, new Content(null, bytes), List.of(), file, null, null, SECOND, 0));
    }

    private SocketViews.Polled poll(long timeoutPs, String socket, String... events) {
        return machine.run(
                new SocketCommand.Poll(List.of(new SocketCommand.PollEntry(socket, List.of(events))), timeoutPs, 0));
    }

    private static byte[] stream(int from, int length) {
        byte[] bytes = new byte[length];
        PATTERN.fill(from, bytes, 0, length);
        return bytes;
    }

    private static String sha256(int from, int length) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(stream(from, length)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private long counter(String file, String name) {
        String[] lines = machine.machine.proc().read(file).split("\n", -1);
        for (int i = 0; i + 1 < lines.length; i++) {
            List<String> names = List.of(lines[i].split(" ", -1));
            if (names.contains(name)) {
                return Long.parseLong(lines[i + 1].split(" ", -1)[names.indexOf(name)]);
            }
        }
        throw new AssertionError(name);
    }

    @Test
    void readsWhatARemoteHostHasSent() {
        SocketViews.Socket listening = listen(5001);
        assertEquals("LISTEN", listening.state());
        remote.connect(5001, PATTERN, 100_000);
        String socket = accept(listening);
        assertEquals("10.0.0.2", machine.machine.sockets().socket(socket).remoteAddress());

        SocketViews.Received first = receive(socket, 60_000, "MSG_WAITALL");
        assertEquals(60_000, first.received());
        assertEquals(sha256(0, 60_000), first.sha256());
        assertEquals(60_000, first.offload().engineBytes());
        assertEquals(Map.of(), first.offload().reasons());

        SocketViews.Received second = receive(socket, 60_000, "MSG_WAITALL");
        assertEquals(40_000, second.received());
        assertEquals(sha256(60_000, 40_000), second.sha256());
        assertFalse(second.timedOut());
        assertEquals(0, receive(socket, 1000).received(), "the other end has closed");
    }

    @Test
    void aReadWithoutFlagsTakesWhatIsThere() {
        String socket = receiving(3000);
        machine.advance(100 * MS);
        SocketViews.Received received = receive(socket, 60_000);
        assertEquals(3000, received.received());
        assertEquals(sha256(0, 3000), received.sha256());
        assertEquals(3000, received.base64().length);
    }

    @Test
    void peekingLeavesWhatItShows() {
        String socket = receiving(5000);
        machine.advance(100 * MS);
        assertEquals(sha256(0, 5000), receive(socket, 8000, "MSG_PEEK").sha256());
        assertEquals(sha256(0, 100), receive(socket, 100, "MSG_PEEK").sha256());
        assertEquals(5000, machine.machine.sockets().socket(socket).readableBytes());
        assertEquals(sha256(0, 5000), receive(socket, 8000).sha256());
    }

    @Test
    void truncatingTakesWithoutCopying() {
        String socket = receiving(5000);
        machine.advance(100 * MS);
        SocketViews.Received dropped = receive(socket, 3000, "MSG_TRUNC");
        assertEquals(3000, dropped.received());
        assertEquals(0, dropped.offload().cpuBytes());
        assertEquals(sha256(3000, 2000), receive(socket, 8000).sha256());
    }

    @Test
    void fillsBuffersOneAfterTheOther() {
        String socket = receiving(10_000);
        SocketViews.Received received = machine.run(
                new SocketCommand.Receive(socket, List.of(1, 4095, 0, 4097, 1807), List.of("MSG_WAITALL"), SECOND, 0));
        assertEquals(10_000, received.received());
        assertEquals(sha256(0, 10_000), received.sha256());
    }

    @Test
    void waitingEndsWithItsTime() {
        SocketViews.Socket listening = listen(5001);
        long before = machine.nowNs();
        SocketViews.Accepted nobody = machine.run(new SocketCommand.Accept(listening.id(), 5 * MS, 0));
        assertTrue(nobody.timedOut());
        assertEquals(5, (machine.nowNs() - before) / 1_000_000);

        RemoteHost.Stream stream = remote.connect(5001, PATTERN, 2000);
        stream.keepsOpen = true;
        String socket = accept(listening);
        SocketViews.Received part =
                machine.run(new SocketCommand.Receive(socket, List.of(8000), List.of("MSG_WAITALL"), 50 * MS, 0));
        assertTrue(part.timedOut());
        assertEquals(2000, part.received());
        assertEquals(
                "CONFLICT socket-error",
                machine.refused(new SocketCommand.Receive(socket, List.of(8000), List.of("MSG_DONTWAIT"), SECOND, 0)));
    }

    @Test
    void aSleepingReadersSegmentsWaitInThePrequeue() {
        String socket = receiving(1 << 20);
        SocketViews.Received received = receive(socket, 1 << 20, "MSG_WAITALL");
        assertEquals(sha256(0, 1 << 20), received.sha256());
        assertTrue(counter("net/netstat", "TCPPrequeued") > 100);
        long direct = counter("net/netstat", "TCPDirectCopyFromPrequeue")
                + counter("net/netstat", "TCPDirectCopyFromBacklog");
        assertTrue(direct > 1 << 19, "most bytes go straight to the reader: " + direct);
    }

    @Test
    void withoutHardwareChecksumsBrokenSegmentsAreFoundAndComeAgain() {
        MachineSpec s = Presets.LEGACY.spec();
        NicSpec n = s.nic();
        NicSpec plain = new NicSpec(1, n.linkMbps(), n.mtu(), 1, n.ringSize(), false, false, false, 8000);
        TestMachine other = new TestMachine(
                new MachineSpec(s.platform(), 1, s.cpus(), s.memory(), plain, s.dma(), s.kernel(), Map.of()));
        RemoteHost host = new RemoteHost(other.machine, 3);
        host.breaksChecksums = true;
        SocketViews.Socket listening = other.run(
                new SocketCommand.Open(SocketCommand.Protocol.TCP, null, 5001, null, null, null, Map.of(), SECOND, 0));
        host.connect(5001, PATTERN, 200_000);
        String socket =
                other.run(new SocketCommand.Accept(listening.id(), SECOND, 0)).id();
        SocketViews.Received received =
                other.run(new SocketCommand.Receive(socket, List.of(200_000), List.of("MSG_WAITALL"), 100 * SECOND, 0));
        assertEquals(200_000, received.received());
        assertEquals(sha256(0, 200_000), received.sha256());
    }

    @Test
    void connectsAndSends() {
        RemoteHost.Listening listening = remote.listen(7, PATTERN);
        SocketViews.Socket socket = open(SocketCommand.Protocol.TCP, null, 7);
        assertEquals("ESTABLISHED", socket.state());
        assertEquals(30_000, send(socket.id(), stream(0, 30_000), false).sent());
        assertEquals(30_000, send(socket.id(), stream(30_000, 30_000), true).sent());
        machine.run(new SocketCommand.Shutdown(socket.id(), SocketCommand.How.WRITE, 0));
        machine.advance(SECOND);
        assertEquals(60_000, listening.last.read);
        assertTrue(listening.last.ended);
        machine.run(new SocketCommand.Close(socket.id(), 0));
        assertEquals("UNKNOWN unknown-socket", machine.refused(new SocketCommand.Close(socket.id(), 0)));
    }

    @Test
    void connectingToNobodyIsRefused() {
        Refusal refusal = machine.refusal(new SocketCommand.Open(
                SocketCommand.Protocol.TCP, null, null, null, "10.0.0.2", 9, Map.of(), SECOND, 0));
        assertEquals("socket-error", refusal.type());
        assertEquals("ECONNREFUSED", refusal.facts().get("error"));
        assertTrue(machine.machine.sockets().sockets().isEmpty());
    }

    @Test
    void twoCannotListenOnOnePort() {
        listen(5001);
        Refusal refusal = machine.refusal(
                new SocketCommand.Open(SocketCommand.Protocol.TCP, null, 5001, null, null, null, Map.of(), SECOND, 0));
        assertEquals("EADDRINUSE", refusal.facts().get("error"));
    }

    @Test
    void pollTellsWhatIsReady() {
        SocketViews.Socket listening = listen(5001);
        assertTrue(poll(MS, listening.id()).timedOut());
        RemoteHost.Stream stream = remote.connect(5001, PATTERN, 1000);
        stream.keepsOpen = true;
        assertEquals(
                List.of("POLLIN"),
                poll(SECOND, listening.id()).ready().getFirst().revents());
        String socket = accept(listening);
        machine.advance(10 * MS);
        SocketViews.Polled polled = poll(SECOND, socket, "POLLIN", "POLLOUT", "POLLPRI");
        assertEquals(List.of("POLLIN", "POLLOUT"), polled.ready().getFirst().revents());
        receive(socket, 1000);
        assertTrue(poll(MS, socket, "POLLIN").timedOut());
    }

    @Test
    void optionsAreKeptAsLinuxKeepsThem() {
        SocketViews.Socket socket = machine.run(new SocketCommand.Open(
                SocketCommand.Protocol.TCP, null, 5001, 16, null, null, Map.of("SO_RCVBUF", 4000L), SECOND, 0));
        assertEquals(16, socket.backlog());
        remote.connect(5001, PATTERN, 100_000);
        String accepted = accept(socket);
        machine.advance(SECOND);
        SocketViews.Socket full = machine.machine.sockets().socket(accepted);
        assertTrue(full.readableBytes() < 8000, "twice 4000 bytes hold " + full.readableBytes());
        assertNotNull(full.tcpInfo());
        assertEquals(
                sha256(0, 100_000), receive(accepted, 100_000, "MSG_WAITALL").sha256());
        assertEquals(
                "MALFORMED invalid-value",
                machine.refused(new SocketCommand.SetOptions(accepted, Map.of("SO_NOTHING", 1L), 0)));
        assertEquals(
                "CONFLICT socket-error",
                machine.refused(new SocketCommand.SetOptions(accepted, Map.of("TCP_KEEPCNT", 1000L), 0)));
    }

    @Test
    void closingWithUnreadDataResets() {
        String socket = receiving(5000);
        machine.advance(100 * MS);
        machine.run(new SocketCommand.Close(socket, 0));
        assertEquals(1, counter("net/netstat", "TCPAbortOnClose"));
    }

    @Test
    void datagramsKeepTheirBounds() {
        SocketViews.Socket socket = open(SocketCommand.Protocol.UDP, 9000, null);
        byte[] first = "first".getBytes(StandardCharsets.UTF_8);
        remote.sendDatagram(4000, 9000, first);
        remote.sendDatagram(4000, 9000, new byte[1000]);
        SocketViews.Received received = receive(socket.id(), 100);
        assertEquals(5, received.received());
        assertEquals("first", new String(received.base64(), StandardCharsets.UTF_8));
        assertEquals("10.0.0.2", received.remoteAddress());
        assertEquals(4000, received.remotePort());
        assertEquals(100, receive(socket.id(), 100).received(), "the rest of a datagram is lost");
        assertTrue(machine.run(new SocketCommand.Receive(socket.id(), List.of(10), List.of(), MS, 0))
                .timedOut());
        SocketViews.Sent sent = machine.run(new SocketCommand.Send(
                socket.id(), 5, new Content(null, first), List.of(), false, "10.0.0.2", 4000, SECOND, 0));
        assertEquals(5, sent.sent());
    }
}
