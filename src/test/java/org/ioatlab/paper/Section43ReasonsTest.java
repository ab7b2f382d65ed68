package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.paper.Sender.MSS;
import static org.ioatlab.paper.Server.INTERRUPTED;
import static org.ioatlab.paper.Server.MS;
import static org.ioatlab.paper.Server.READERS;

import org.ioatlab.machine.KernelSpec;
import org.ioatlab.machine.SocketViews;
import org.ioatlab.observe.Symbol;
import org.junit.jupiter.api.Test;

/**
 * Section 4.3 of the OLS 2005 paper: why "final TCP processing and the copy-to-user operation must happen in the context of the process", three
 * reasons.
 */
class Section43ReasonsTest {
    private final Setup setup = Setup.offload();
    private Server server;
    private Sender sender;

    private void on(Setup wanted) {
        server = wanted.server();
        sender = Sender.connected(server);
    }

    private SocketViews.Received readsTenSegments() {
        var read = server.sleepsReading(sender, 10 * MSS, "MSG_WAITALL");
        server.newProfile();
        sender.pushes(10 * MSS);
        SocketViews.Received received = server.lab.finish(read);
        assertThat(received.sha256()).isEqualTo(sender.next(10 * MSS));
        return received;
    }

    /** "The user buffer is pageable": softirq writes to one that is pinned, and to no other. */
    @Test
    void reason1ProcessorsCopyInProcessContextOnly() {
        setup.copyOffload = false;
        on(setup);
        readsTenSegments();
        assertThat(server.cycles(INTERRUPTED, Symbol.COPY_USER_INTEL)).isZero();
        assertThat(server.cycles(READERS, Symbol.COPY_USER_INTEL)).isPositive();
    }

    @Test
    void reason1TheEngineCopiesForSoftirqWhatIsPinned() {
        on(setup);
        assertThat(readsTenSegments().offload().earlyBytes()).isEqualTo(10 * MSS);
        assertThat(server.cycles(INTERRUPTED, Symbol.DO_IOAT_DMA_MEMCPY)).isPositive();
        assertThat(server.cycles(Symbol.COPY_USER_INTEL)).isZero();
        assertThat(server.cycles(Symbol.DO_PAGE_FAULT)).isZero();
    }

    /** "it is possible to do the copy-to-user and checksum in one step": one pass of the processor, and none of the engine. */
    @Test
    void reason2CopyAndChecksumInOneStep() {
        setup.checksumOffload = false;
        on(setup);
        assertThat(readsTenSegments().offload().engineBytes()).isZero();
        assertThat(server.cycles(READERS, Symbol.CSUM_PARTIAL_COPY_GENERIC)).isPositive();
        assertThat(server.cycles(Symbol.COPY_USER_INTEL)).isZero();
        long ofHeaders = 1000;
        assertThat(server.cycles(Symbol.CSUM_PARTIAL)).isLessThan(ofHeaders);
        assertThat(server.copies()).isZero();
    }

    /** "the ACKs represent the actual rate that the process is getting scheduled": one that is slow to go to sleep and come back is heard of late. */
    @Test
    void reason3AcknowledgmentsComeAsTheProcessIsScheduled() {
        on(setup.cost("contextSwitchCycles", 3_400_000));
        assertThat(acknowledgedInAMillisecond()).isEqualTo(MSS);
    }

    /** "If the stack ACKed as soon as the packet was received": it doesn't ask whether anybody reads. */
    @Test
    void reason3ImmediateAcknowledgmentsDoNot() {
        setup.ackPolicy = KernelSpec.AckPolicy.SOFTIRQ;
        on(setup.cost("contextSwitchCycles", 3_400_000));
        assertThat(acknowledgedInAMillisecond()).isEqualTo(10 * MSS);
    }

    /** What is acknowledged a millisecond after ten segments have begun to come to a reader that sleeps. */
    private int acknowledgedInAMillisecond() {
        server.sleepsReading(sender, 100 * MSS, "MSG_WAITALL");
        sender.pushes(10 * MSS);
        server.lab.advance(MS);
        return sender.acknowledged(server.acknowledgments().getLast());
    }
}
