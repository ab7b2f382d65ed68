package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.paper.Sender.MSS;
import static org.ioatlab.paper.Server.MS;

import java.util.Objects;
import org.ioatlab.machine.KernelSpec.AckPolicy;
import org.ioatlab.machine.SocketViews;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Section 4.3 of the OLS 2005 paper, reason 3: "If the stack ACKed as soon as the packet was received, this might cause the receiver to be
 * overwhelmed". A sender that fills whatever window it is told, and a reader that waits sixty milliseconds for its processor whenever it has slept.
 */
class Section43SlowReaderTest {
    private static final long SIXTY_MILLISECONDS = 204_000_000;

    /**
     * What became of the receiver within three seconds.
     *
     * @param peak the most bytes that waited for the reader: data in the receive queue, and packets in the prequeue
     * @param zeroWindows acknowledgments that told it was full
     */
    private record Outcome(int peak, int zeroWindows) {}

    private static Outcome slowReader(AckPolicy policy, boolean copyOffload) {
        Setup setup = Setup.offload().cost("contextSwitchCycles", SIXTY_MILLISECONDS);
        setup.ackPolicy = policy;
        setup.copyOffload = copyOffload;
        Server server = setup.server();
        Sender sender = Sender.connected(server);
        server.reads(sender, 8 << 20, "MSG_WAITALL");
        server.lab.advance(500 * MS);
        sender.sends(MSS);
        int peak = 0;
        int zeroWindows = 0;
        for (int ms = 0; ms < 3000; ms++) {
            server.lab.advance(MS);
            SocketViews.Socket socket = server.socket(sender);
            peak = Math.max(peak, socket.readableBytes() + Objects.requireNonNull(socket.prequeuedBytes()));
            zeroWindows += sender.answers();
        }
        return new Outcome(peak, zeroWindows);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void immediateAcknowledgmentsOverwhelmASlowReader(boolean copyOffload) {
        Outcome inProcessContext = slowReader(AckPolicy.PROCESS_CONTEXT, copyOffload);
        Outcome immediate = slowReader(AckPolicy.SOFTIRQ, copyOffload);
        assertThat(immediate.peak()).isGreaterThan(3 * inProcessContext.peak() / 2);
        assertThat(immediate.zeroWindows()).isGreaterThan(inProcessContext.zeroWindows() + 5);
    }
}
