package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ioatlab.kernel.mm.SlabCacheState;
import org.ioatlab.kernel.mm.ZoneState;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine that connects to remote hosts and sends, by {@code send()} and by {@code sendfile()}. */
class SendingTest {
    private static final long SECOND = Picoseconds.PER_SECOND;
    private static final int PORT = 9000;
    private static final int MEGABYTE = 1_000_000;
    private static final int MTU = 1500;
    private static final int NOTHING_SENT = 0;

    private final TestMachine m = TestMachine.withFreeTicks(Presets.IOAT.spec());

    private static byte[] payload(int length) {
        byte[] bytes = new byte[length];
        new StreamPattern(42).fill(0, bytes, 0, length);
        return bytes;
    }

    private TrafficViews.Traffic listen() {
        return RemoteTraffic.of(TrafficType.TCP_LISTEN, PORT).start(m);
    }

    private TrafficViews.Traffic traffic() {
        return m.machine.traffic().traffic("t1");
    }

    private TrafficViews.Stream stream() {
        return Objects.requireNonNull(traffic().streams()).getFirst();
    }

    private static SocketCommand.Open connecting(String address, int port, Map<String, Long> options, long timeoutPs) {
        return new SocketCommand.Open(
                SocketCommand.Protocol.TCP, null, null, null, address, port, options, timeoutPs, 0);
    }

    private String connect(TrafficViews.Traffic listening, Map<String, Long> options) {
        String address = Objects.requireNonNull(listening.address());
        return m.run(connecting(address, listening.port(), options, SECOND)).id();
    }

    private static SocketCommand.Send sending(String socket, byte[] bytes, boolean file, String... flags) {
        return new SocketCommand.Send(
                socket, bytes.length, new Content(null, bytes), List.of(flags), file, null, null, Long.MAX_VALUE, 0);
    }

    private long send(String socket, byte[] bytes, boolean file) {
        return m.run(sending(socket, bytes, file)).sent();
    }

    private void close(String socket) {
        m.run(new SocketCommand.Close(socket, 0));
        m.settle();
    }

    private long cyclesOf(String symbol) {
        return m.machine.cpus().profile(null).rows().stream()
                .filter(row -> row.symbol().equals(symbol))
                .mapToLong(CpuViews.Row::cycles)
                .sum();
    }

    private long busyCycles() {
        return m.machine.cpus().cpus().stream()
                .mapToLong(CpuViews.Cpu::busyCycles)
                .sum();
    }

    private List<Integer> packetLengths() {
        return m.machine.wire().packets(NOTHING_SENT, Integer.MAX_VALUE).stream()
                .map(packet -> packet.hex().length() / 2)
                .toList();
    }

    /** Packets with payload, without the handshake and acknowledgments. */
    private List<Integer> payloads() {
        return packetLengths().stream()
                .map(length -> length - 52)
                .filter(length -> length > 8)
                .toList();
    }

    private void impair(int lossPpb) {
        m.run(new WireCommand.SetImpairments("eth0", lossPpb, 0, 0, 0, 0, 0, 11));
    }

    private void setTso(boolean on) {
        m.run(new NicCommand.Configure("eth0", null, null, null, null, null, on, null));
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void bytesArriveWhole(boolean ipv6, boolean file) {
        RemoteTraffic remote = RemoteTraffic.of(TrafficType.TCP_LISTEN, PORT);
        remote.ipv6 = ipv6;
        TrafficViews.Traffic listening = remote.start(m);
        assertThat(listening.address()).isEqualTo(ipv6 ? "fd00::2" : "10.0.0.2");
        assertThat(listening.state()).isEqualTo("RUNNING");

        byte[] payload = payload(MEGABYTE);
        String socket = connect(listening, Map.of());
        assertThat(send(socket, payload, file)).isEqualTo(MEGABYTE);
        m.settle();
        assertThat(stream().state()).isEqualTo("OPEN");
        assertThat(stream().sourcePort()).isEqualTo(PORT);
        assertThat(stream().machinePort())
                .isEqualTo(m.machine.sockets().socket(socket).localPort());
        close(socket);

        assertThat(stream().state()).isEqualTo("DONE");
        assertThat(stream().receivedBytes()).isEqualTo(MEGABYTE);
        assertThat(stream().receivedSha256()).isEqualTo(MemoryFace.sha256(payload));
        assertThat(traffic().receivedBytes()).isEqualTo(MEGABYTE);
        assertThat(traffic().state()).as("it goes on listening").isEqualTo("RUNNING");
    }

    /** A gigabit link carries 1448 bytes of payload in 1538 bytes' time: 941.5 Mb/s. */
    @Test
    void theLinkIsFilled() {
        String socket = connect(listen(), Map.of());
        send(socket, payload(8 * MEGABYTE), false);
        close(socket);
        assertThat(traffic().goodputMbps()).isBetween(900.0, 942.0);
    }

    @Test
    void sendfileCopiesNothing() {
        byte[] payload = payload(MEGABYTE);
        String socket = connect(listen(), Map.of());
        long[] copied = new long[2];
        long[] busy = new long[2];
        for (int i = 0; i < 2; i++) {
            long copiedBefore = cyclesOf("__copy_user_intel");
            long busyBefore = busyCycles();
            send(socket, payload, i == 1);
            m.settle();
            copied[i] = cyclesOf("__copy_user_intel") - copiedBefore;
            busy[i] = busyCycles() - busyBefore;
        }
        assertThat(copied[0]).isGreaterThan(MEGABYTE / 8);
        assertThat(copied[1]).isZero();
        assertThat(busy[1]).isLessThan(busy[0] - copied[0] / 2);
    }

    @Test
    void segmentationByThePortSavesCyclesAndTheWireSeesNoDifference() {
        byte[] payload = payload(MEGABYTE);
        long[] busy = new long[2];
        long[] segmentations = new long[2];
        String socket = connect(listen(), Map.of());
        for (int i = 0; i < 2; i++) {
            setTso(i == 1);
            long before = m.machine.nics().statistics("eth0").get("tx_tcp_seg_good");
            long busyBefore = busyCycles();
            send(socket, payload, true);
            m.settle();
            busy[i] = busyCycles() - busyBefore;
            segmentations[i] = m.machine.nics().statistics("eth0").get("tx_tcp_seg_good") - before;
        }
        assertThat(segmentations[0]).isZero();
        assertThat(segmentations[1]).isBetween(MEGABYTE / 65_536L, MEGABYTE / 2896L);
        assertThat(busy[1]).isLessThan(busy[0]);
        assertThat(packetLengths()).allMatch(length -> length <= MTU);
        assertThat(stream().receivedBytes()).isEqualTo(2L * MEGABYTE);
    }

    /** RFC 896: while data are under way, less than a segment waits. */
    @Test
    void smallWritesWaitForTheAcknowledgmentUnlessToldNotTo() {
        String gathers = connect(listen(), Map.of());
        for (int i = 0; i < 3; i++) {
            m.start(sending(gathers, payload(100), false));
        }
        m.settle();
        assertThat(payloads()).containsExactly(100, 200);

        String hurries = connect(traffic(), Map.of("TCP_NODELAY", 1L));
        for (int i = 0; i < 3; i++) {
            m.start(sending(hurries, payload(100), false));
        }
        m.settle();
        assertThat(payloads()).containsExactly(100, 200, 100, 100, 100);
        assertThat(traffic().receivedBytes()).isEqualTo(600);
    }

    @Test
    void aCorkHoldsWhatIsLessThanASegmentUntilItIsPulled() {
        String socket = connect(listen(), Map.of("TCP_CORK", 1L));
        for (int i = 0; i < 5; i++) {
            send(socket, payload(700), false);
        }
        m.advance(SECOND / 10);
        assertThat(payloads()).containsExactly(1448, 1448);
        m.run(new SocketCommand.SetOptions(socket, Map.of("TCP_CORK", 0L), 0));
        m.settle();
        assertThat(payloads()).containsExactly(1448, 1448, 604);
        assertThat(stream().receivedBytes()).isEqualTo(3500);
    }

    @Test
    void moreToComeHoldsLikeACork() {
        String socket = connect(listen(), Map.of("TCP_NODELAY", 1L));
        m.run(sending(socket, payload(300), false, "MSG_MORE"));
        m.run(sending(socket, payload(300), false));
        m.settle();
        assertThat(payloads()).containsExactly(600);
    }

    /** RFC 9293 3.8.6.1: a closed window is probed until it opens. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSlowReaderClosesTheWindow(boolean file) {
        RemoteTraffic slow = RemoteTraffic.of(TrafficType.TCP_LISTEN, PORT);
        slow.window = 16_384;
        slow.rateMbps = 1;
        slow.writeBytes = 100_000;
        byte[] payload = payload(300_000);
        String socket = connect(slow.start(m), Map.of());
        Call<SocketViews.Sent> call = m.start(sending(socket, payload, file));
        long smallestWindow = Long.MAX_VALUE;
        while (m.machine.sockets().socket(socket).unsentBytes() > 0 || !call.isDone()) {
            m.advance(SECOND / 100);
            var info = Objects.requireNonNull(m.machine.sockets().socket(socket).tcpInfo());
            smallestWindow = Math.min(smallestWindow, info.sndWnd());
        }
        assertThat(call.result().sent()).isEqualTo(300_000);
        assertThat(smallestWindow).isZero();
        long probes = packetLengths().stream().filter(length -> length == 52).count() - 1;
        assertThat(probes)
                .as("segments without payload, but for the handshake's")
                .isGreaterThan(1);
        close(socket);
        assertThat(stream().state()).isEqualTo("DONE");
        assertThat(stream().receivedSha256()).isEqualTo(MemoryFace.sha256(payload));
    }

    @Test
    void aReaderReadsAtItsRate() {
        RemoteTraffic slow = RemoteTraffic.of(TrafficType.TCP_LISTEN, PORT);
        slow.rateMbps = 10;
        slow.writeBytes = 10_000;
        String socket = connect(slow.start(m), Map.of());
        send(socket, payload(MEGABYTE), false);
        close(socket);
        assertThat(stream().receivedBytes()).isEqualTo(MEGABYTE);
        // the first read is free: 100 reads in 99 times 8 ms
        assertThat(traffic().goodputMbps()).isBetween(9.5, 10.2);
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void whatTheWireLosesIsSentAgain(boolean file, boolean tso) {
        setTso(tso);
        byte[] payload = payload(MEGABYTE);
        String socket = connect(listen(), Map.of());
        impair(20_000_000);
        send(socket, payload, file);
        m.settle();
        assertThat(Objects.requireNonNull(m.machine.sockets().socket(socket).tcpInfo())
                        .totalRetrans())
                .isGreaterThan(5);
        close(socket);
        assertThat(m.machine.wire().wire("eth0").lostFromMachine()).isGreaterThan(5);
        assertThat(stream().state()).isEqualTo("DONE");
        assertThat(stream().receivedSha256()).isEqualTo(MemoryFace.sha256(payload));
        assertThat(m.machine.wire().packets(0, Integer.MAX_VALUE).size() * 1448L)
                .as("sent more than once")
                .isGreaterThan(MEGABYTE);
    }

    @Test
    void aClosedPortRefuses() {
        listen();
        Refusal refusal = m.refusal(connecting("10.0.0.2", PORT + 1, Map.of(), SECOND));
        assertThat(refusal.type()).isEqualTo("socket-error");
        assertThat(refusal.getMessage()).contains("ECONNREFUSED");
        assertThat(m.machine.sockets().sockets()).isEmpty();
    }

    /** 10.0.0.99 is nobody's: SYNs go out after 3, 9, 21, 45 and 93 s, and 96 s later TCP gives up (Linux 2.6, tcp_syn_retries 5). */
    @Test
    void nobodyAnswers() {
        long before = m.nowNs();
        Refusal refusal = m.refusal(connecting("10.0.0.99", PORT, Map.of(), Long.MAX_VALUE));
        assertThat(refusal.getMessage()).contains("ETIMEDOUT");
        assertThat(packetLengths()).hasSize(6);
        assertThat((m.nowNs() - before) / 1_000_000_000L).isBetween(180L, 200L);
        assertThat(m.machine.sockets().sockets()).isEmpty();
    }

    @Test
    void bothEndsSendAtOnce() {
        RemoteTraffic remote = RemoteTraffic.of(TrafficType.TCP_LISTEN, PORT);
        remote.bytes = MEGABYTE;
        byte[] payload = payload(MEGABYTE);
        String socket = connect(remote.start(m), Map.of());
        Call<SocketViews.Sent> sent = m.start(sending(socket, payload, false));
        SocketViews.Received received =
                m.run(new SocketCommand.Receive(socket, List.of(MEGABYTE), List.of("MSG_WAITALL"), 10 * SECOND, 1));
        assertThat(m.finish(sent).sent()).isEqualTo(MEGABYTE);
        close(socket);
        assertThat(received.received()).isEqualTo(MEGABYTE);
        assertThat(received.sha256()).isEqualTo(stream().sha256());
        assertThat(stream().receivedSha256()).isEqualTo(MemoryFace.sha256(payload));
        assertThat(stream().acknowledgedBytes()).isEqualTo(MEGABYTE);
        assertThat(stream().state()).isEqualTo("DONE");
    }

    @Test
    void aMachineThatHasEndedStillReads() {
        RemoteTraffic remote = RemoteTraffic.of(TrafficType.TCP_LISTEN, PORT);
        remote.bytes = MEGABYTE;
        String socket = connect(remote.start(m), Map.of());
        m.run(new SocketCommand.Shutdown(socket, SocketCommand.How.WRITE, 0));
        SocketViews.Received received =
                m.run(new SocketCommand.Receive(socket, List.of(MEGABYTE + 1), List.of("MSG_WAITALL"), 10 * SECOND, 0));
        assertThat(received.received()).as("all, and the end").isEqualTo(MEGABYTE);
        assertThat(received.sha256()).isEqualTo(stream().sha256());
        m.settle();
        assertThat(stream().state()).isEqualTo("DONE");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSendBuffersMemoryComesBack(boolean file) {
        TrafficViews.Traffic listening = listen();
        String warm = connect(listening, Map.of());
        send(warm, payload(MEGABYTE), file);
        close(warm);
        String before = memoryInUse();
        String socket = connect(listening, Map.of());
        Call<SocketViews.Sent> call = m.start(sending(socket, payload(MEGABYTE), file));
        m.advance(SECOND / 500);
        assertThat(measure()).isNotEqualTo(before);
        m.finish(call);
        close(socket);
        assertThat(memoryInUse()).isEqualTo(before);
    }

    /** Free pages, and objects that slab caches have handed out. */
    private String memoryInUse() {
        m.advance(120 * SECOND); // TIME-WAIT is over
        return measure();
    }

    private String measure() {
        MemoryViews.State state = m.machine.memory().state();
        StringBuilder text = new StringBuilder();
        for (ZoneState zone : state.zones()) {
            text.append(zone.kind()).append(' ').append(zone.freePages()).append('\n');
        }
        for (SlabCacheState cache : state.slabCaches()) {
            text.append(cache.name()).append(' ').append(cache.activeObjects()).append('\n');
        }
        return text.toString();
    }

    @Test
    void connectionsAreTakenUpToTheLimit() {
        RemoteTraffic two = RemoteTraffic.of(TrafficType.TCP_LISTEN, PORT);
        two.connections = 2;
        TrafficViews.Traffic listening = two.start(m);
        String first = connect(listening, Map.of());
        String second = connect(listening, Map.of());
        assertThat(m.refusal(connecting("10.0.0.2", PORT, Map.of(), SECOND)).getMessage())
                .contains("ECONNREFUSED");
        send(first, payload(10), false);
        send(second, payload(20), false);
        close(first);
        assertThat(traffic().state()).isEqualTo("RUNNING");
        close(second);
        assertThat(traffic().state()).isEqualTo("DONE");
        assertThat(traffic().failed()).isZero();
        assertThat(Objects.requireNonNull(traffic().streams()))
                .extracting(TrafficViews.Stream::receivedBytes)
                .containsExactly(10L, 20L);
    }

    @Test
    void aTakenPortIsAnotherHosts() {
        assertThat(listen().address()).isEqualTo("10.0.0.2");
        assertThat(listen().address()).isEqualTo("10.0.0.3");
        m.run(new TrafficCommand.Stop("t1"));
        assertThat(listen().address()).isEqualTo("10.0.0.2");
        for (int i = 2; i < 16; i++) {
            listen();
        }
        assertThat(m.refused(RemoteTraffic.of(TrafficType.TCP_LISTEN, PORT).command()))
                .isEqualTo("LIMIT too-much-traffic");
    }

    @Test
    void stoppedListeningResetsItsConnections() {
        String socket = connect(listen(), Map.of());
        m.run(new TrafficCommand.Stop("t1"));
        m.settle();
        assertThat(m.machine.sockets().socket(socket).state()).isEqualTo("CLOSE");
        assertThat(m.refusal(connecting("10.0.0.2", PORT, Map.of(), SECOND)).getMessage())
                .contains("ECONNREFUSED");
    }

    @Test
    void whatMustComeIsNotKnown() {
        RemoteTraffic comparing = RemoteTraffic.of(TrafficType.TCP_LISTEN, PORT);
        comparing.verify = Verification.COMPARE;
        assertThat(m.refused(comparing.command())).isEqualTo("MALFORMED invalid-value");
    }
}
