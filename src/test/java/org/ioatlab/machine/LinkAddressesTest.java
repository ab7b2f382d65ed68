package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Remote hosts ask for a machine's link address before they send, and so tell it theirs (RFC 826; RFC 4861, 7.2). */
class LinkAddressesTest {
    private static final int PORT = 5001;
    private static final long SECOND = Picoseconds.PER_SECOND;

    private final TestMachine m = TestMachine.standard();

    private void connect(int streams, boolean ipv6) {
        RemoteTraffic traffic = RemoteTraffic.of(TrafficType.TCP_STREAM, PORT);
        traffic.streams = streams;
        traffic.bytes = 100_000_000;
        traffic.ipv6 = ipv6;
        traffic.start(m);
    }

    private void listen() {
        m.run(new ProcessCommand.Start(
                null, ProgramType.SINK, PORT, 65_536, List.of(), 128, 1000, null, Verification.SHA256, null));
    }

    private List<TrafficViews.Stream> streams() {
        return Objects.requireNonNull(m.machine.traffic().traffic("t1").streams());
    }

    private void plug(boolean in) {
        m.run(new NicCommand.Configure("eth0", null, null, null, null, null, null, in));
    }

    private WireViews.Wire wire() {
        return m.machine.wire().wire("eth0");
    }

    /** A machine that had to ask for their addresses would lose all but three answers (its neighbour queue's length). */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyConnectionsMayBeginAtOneInstant(boolean ipv6) {
        listen();
        connect(20, ipv6);
        m.advance(2 * Picoseconds.PER_MILLISECOND);

        assertThat(streams()).extracting(TrafficViews.Stream::state).hasSize(20).containsOnly("OPEN");
        assertThat(wire().unresolved()).isZero();
    }

    @Test
    void aMachineWithoutItsCableIsAskedThreeTimesASecondApart() {
        listen();
        plug(false);
        connect(5, false);
        long start = m.machine.nowPs();
        assertThat(wire().lostToMachine()).isEqualTo(1);
        m.advance(SECOND - 1);
        assertThat(wire().lostToMachine()).isEqualTo(1);
        m.advance(1);
        assertThat(wire().lostToMachine()).isEqualTo(2);
        m.advance(SECOND - 1);
        assertThat(wire().lostToMachine()).isEqualTo(2);
        m.advance(1);
        assertThat(wire().lostToMachine()).isEqualTo(3);
        m.advance(SECOND - 1);
        assertThat(wire().lostToMachine()).isEqualTo(3);
        assertThat(wire().unresolved()).isZero();
        assertThat(wire().waitingFrames()).isEqualTo(10);
        m.advance(1);

        assertThat(m.machine.nowPs()).isEqualTo(start + 3 * SECOND);
        // five SYNs, each sent again after 1 s, and after 3 s just before they are given up
        assertThat(wire().unresolved()).isEqualTo(15);
    }

    @Test
    void aCableThatComesBackIsFoundByTheNextQuestion() {
        listen();
        plug(false);
        connect(20, false);
        m.advance(3 * SECOND / 2);
        plug(true);
        long left = 2 * SECOND - m.machine.nowPs();
        m.advance(left - Picoseconds.PER_MILLISECOND);
        assertThat(streams()).extracting(TrafficViews.Stream::state).containsOnly("CONNECTING");
        m.advance(4 * Picoseconds.PER_MILLISECOND);

        assertThat(streams()).extracting(TrafficViews.Stream::state).containsOnly("OPEN");
        assertThat(wire().unresolved()).isZero();
        assertThat(wire().lostToMachine()).isEqualTo(2);
    }
}
