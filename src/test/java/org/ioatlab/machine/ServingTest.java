package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.ioatlab.wire.capture.LinuxTransfer;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that answer remote hosts, and programs to which a captured client talks. */
class ServingTest {
    private static final int PORT = 5001;
    private static final int MEGABYTE = 1_000_000;

    private final TestMachine m = TestMachine.standard();

    private String serve(ProgramType program, int readBytes) {
        return m.run(new ProcessCommand.Start(
                        null, program, PORT, readBytes, List.of(), 128, 1000, null, Verification.SHA256, null))
                .id();
    }

    private ProcessViews.Program program(String id) {
        return m.machine.processes().process(id);
    }

    private List<TrafficViews.Stream> streams() {
        return Objects.requireNonNull(m.machine.traffic().traffic("t1").streams());
    }

    private static byte[] capture() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(ServingTest.class.getResourceAsStream("/captures/linux-tcp-transfer.pcap"))) {
            return file.readAllBytes();
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 0", "true, 0", "false, 20000000"})
    void anEchoComesBackWhole(boolean ipv6, int lossPpb) {
        m.run(new WireCommand.SetImpairments("eth0", lossPpb, 0, 0, 0, 0, 0, 3));
        String echo = serve(ProgramType.ECHO, 8192);
        RemoteTraffic talk = RemoteTraffic.of(TrafficType.TCP_STREAM, PORT);
        talk.streams = 2;
        talk.bytes = MEGABYTE;
        talk.ipv6 = ipv6;
        talk.verify = Verification.SHA256;
        talk.start(m);
        m.settle();

        assertThat(program(echo).receivedBytes()).isEqualTo(2L * MEGABYTE);
        assertThat(program(echo).sentBytes()).isEqualTo(2L * MEGABYTE);
        for (TrafficViews.Stream stream : streams()) {
            assertThat(stream.state()).isEqualTo("DONE");
            assertThat(stream.receivedBytes()).isEqualTo(MEGABYTE);
            assertThat(stream.receivedSha256()).isEqualTo(stream.sha256());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 10_000})
    void everyRequestIsAnswered(int bytes) {
        String echo = serve(ProgramType.ECHO, 65_536);
        RemoteTraffic ask = RemoteTraffic.of(TrafficType.TCP_REQUEST_RESPONSE, PORT);
        ask.streams = 3;
        ask.requestBytes = bytes;
        ask.bytes = 50L * bytes;
        ask.verify = Verification.COMPARE;
        ask.start(m);
        m.settle();

        for (TrafficViews.Stream stream : streams()) {
            assertThat(stream.state()).isEqualTo("DONE");
            assertThat(stream.transactions()).isEqualTo(50);
            assertThat(stream.receivedBytes()).isEqualTo(50L * bytes);
            assertThat(stream.mismatchAt()).isNull();
        }
        assertThat(program(echo).accepted()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"false, 0", "true, 0", "false, 30000000"})
    void aCapturedClientIsHeard(boolean captured, int lossPpb) throws Exception {
        String sink = serve(ProgramType.SINK, 65_536);
        TrafficViews.Traffic replay =
                m.run(new TrafficCommand.Replay("eth0", capture(), PORT, captured, lossPpb, lossPpb, 5));
        m.settle();

        TrafficViews.Stream stream = streams().getFirst();
        assertThat(stream.state()).isEqualTo("DONE");
        assertThat(LinuxTransfer.connections())
                .extracting(LinuxTransfer.Connection::sha256)
                .contains(replay.sha256());
        List<ProcessViews.Connection> connections =
                Objects.requireNonNull(program(sink).connections());
        assertThat(connections).hasSize(1);
        assertThat(connections.getFirst().sha256()).isEqualTo(replay.sha256());
        assertThat(connections.getFirst().error()).isNull();
        assertThat(connections.getFirst().receivedBytes()).isEqualTo(stream.sentBytes());
    }

    @Test
    void theSameClientMayTalkToSeveralPortsAtOnce() throws IOException {
        String sink = serve(ProgramType.SINK, 65_536);
        for (int i = 0; i < 3; i++) {
            m.run(new TrafficCommand.Replay("eth0", capture(), PORT, false, 0, 0, i));
        }
        m.settle();
        String sent = Objects.requireNonNull(m.machine.traffic().traffic("t1").sha256());
        assertThat(Objects.requireNonNull(program(sink).connections()))
                .extracting(ProcessViews.Connection::sha256)
                .containsExactly(sent, sent, sent);
    }
}
