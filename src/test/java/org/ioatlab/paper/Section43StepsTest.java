package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.paper.Sender.MSS;
import static org.ioatlab.paper.Server.INTERRUPTED;
import static org.ioatlab.paper.Server.MS;
import static org.ioatlab.paper.Server.READERS;
import static org.ioatlab.paper.Server.US;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.machine.Call;
import org.ioatlab.machine.KernelSpec;
import org.ioatlab.machine.SocketViews;
import org.ioatlab.observe.Symbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Section 4.3 of the OLS 2005 paper, "Net stack changes required for copy offload": its ten steps, one by one, by what can be seen from outside. The
 * processor that takes the interrupts isn't the reader's, so that softirq and process context can be told apart.
 */
class Section43StepsTest {
    /** What netperf reads at a time: 22 pages. */
    private static final int NETPERF = 87_380;

    private static final int PAGES = 22;
    private static final String PACKETS = "skbuff_head_cache";

    private Server server = Setup.offload().server();
    private Sender sender = Sender.connected(server);

    private void on(Setup setup) {
        server = setup.server();
        sender = Sender.connected(server);
    }

    /** A read of two segments whose copies the engine is at work on, and the reader has nothing to do but wait. */
    private Call<SocketViews.Received> waitsForTheEngine() {
        Call<SocketViews.Received> read = server.sleepsReading(sender, 2 * MSS, "MSG_WAITALL");
        sender.pushes(2 * MSS);
        server.lab.advance(200 * US);
        assertThat(server.copies()).isEqualTo(2);
        assertThat(read.isDone()).isFalse();
        return read;
    }

    /** "When entering tcp_recvmsg() as a result of a read() system call, the iovec is pinned in memory." */
    @Test
    void step1PinsTheIovec() {
        assertThat(server.pinnedPages()).isZero();
        server.sleepsReading(sender, NETPERF);
        assertThat(server.pinnedPages()).isEqualTo(PAGES);
        assertThat(server.cycles(READERS, Symbol.GET_USER_PAGES)).isEqualTo(PAGES * 260);
        assertThat(server.cycles(READERS, Symbol.DMA_PIN_IOVEC_PAGES)).isEqualTo(1200);
    }

    /** "measured ~6800 cycles to pin, ~5800 to un-pin" */
    @Test
    void step1And8CostWhatThePaperMeasured() {
        sender.pushes(MSS);
        server.lab.advance(MS);
        server.newProfile();
        server.lab.finish(server.reads(sender, NETPERF));
        Percentage closely = Percentage.withPercentage(2);
        assertThat(server.cycles(Symbol.GET_USER_PAGES) + server.cycles(Symbol.DMA_PIN_IOVEC_PAGES))
                .isEqualTo(6920)
                .isCloseTo(6800, closely);
        assertThat(server.cycles(Symbol.SET_PAGE_DIRTY_LOCK) + server.cycles(Symbol.DMA_UNPIN_IOVEC_PAGES))
                .isEqualTo(5880)
                .isCloseTo(5800, closely);
    }

    /** "The process sleeps." */
    @Test
    void step2TheProcessSleeps() {
        Call<SocketViews.Received> read = server.sleepsReading(sender, NETPERF);
        long busy = server.busyCycles();
        server.lab.advance(100 * MS);
        assertThat(server.busyCycles()).isEqualTo(busy);
        assertThat(server.machine.cpus().cpu(READERS).running()).isNull();
        assertThat(read.isDone()).isFalse();
    }

    /** "Packets arrive and an interrupt is generated. NAPI polling starts, and packets are run up the net stack to tcp_v4_rcv()." */
    @Test
    void step3PacketsRunUpTheNetStack() {
        server.sleepsReading(sender, NETPERF);
        server.newProfile();
        List<Long> interrupts = server.row("interrupts", "eth0");
        List<Long> softirqs = server.row("softirqs", "NET_RX");
        sender.sends(MSS);
        server.until(() -> server.socket(sender).prequeuedBytes() > 0);
        assertThat(server.row("interrupts", "eth0").get(INTERRUPTED)).isEqualTo(interrupts.get(INTERRUPTED) + 1);
        assertThat(server.row("softirqs", "NET_RX").get(INTERRUPTED)).isEqualTo(softirqs.get(INTERRUPTED) + 1);
        for (Symbol symbol : List.of(
                Symbol.E1000_INTR,
                Symbol.NET_RX_ACTION,
                Symbol.E1000_CLEAN_RX_IRQ,
                Symbol.NETIF_RECEIVE_SKB,
                Symbol.IP_RCV,
                Symbol.TCP_V4_RCV)) {
            assertThat(server.cycles(INTERRUPTED, symbol))
                    .as(symbol.kernelName())
                    .isPositive();
            assertThat(server.cycles(READERS, symbol)).as(symbol.kernelName()).isZero();
        }
    }

    /** "tcp_prequeue also tries doing fastpath processing on the packet, and if successful, starts the copy to the user buffer." */
    @Test
    void step4TheCopyStartsBeforeTheReaderRuns() {
        Call<SocketViews.Received> read = server.sleepsReading(sender, NETPERF);
        long readers = server.busyCycles(READERS);
        server.newProfile();
        sender.sends(MSS);
        server.until(() -> server.copies() == 1);
        assertThat(server.busyCycles(READERS)).isEqualTo(readers);
        assertThat(server.cycles(INTERRUPTED, Symbol.DO_IOAT_DMA_MEMCPY)).isPositive();
        assertThat(server.socket(sender).prequeuedBytes()).isPositive();
        assertThat(server.lab.finish(read).offload().earlyBytes()).isEqualTo(MSS);
    }

    /** "The process wakes up, and checks the prequeue for packets to process. [...] ACK-generation starts." */
    @Test
    void step5AcknowledgesInProcessContext() {
        Call<SocketViews.Received> read = server.sleepsReading(sender, NETPERF, "MSG_WAITALL");
        server.newProfile();
        sender.pushes(10 * MSS);
        server.lab.advance(MS);
        assertThat(read.isDone()).isFalse();
        assertThat(server.acknowledgments().getLast()).matches(last -> sender.acknowledged(last) == 10 * MSS);
        assertThat(server.cycles(READERS, Symbol.TCP_PREQUEUE_PROCESS)).isPositive();
        assertThat(server.cycles(READERS, Symbol.TCP_TRANSMIT_SKB)).isPositive();
        assertThat(server.cycles(INTERRUPTED, Symbol.TCP_TRANSMIT_SKB)).isZero();
    }

    /** "For any packets with the copied_early flag set, fastpath checks are skipped": they were made in the softirq. */
    @Test
    void step5SkipsFastPathChecks() {
        server.sleepsReading(sender, NETPERF, "MSG_WAITALL");
        server.newProfile();
        sender.pushes(10 * MSS);
        server.lab.advance(MS);
        assertThat(server.cycles(INTERRUPTED, Symbol.TCP_RCV_ESTABLISHED)).isPositive();
        assertThat(server.cycles(READERS, Symbol.TCP_RCV_ESTABLISHED)).isZero();
    }

    /** A process that doesn't get a processor acknowledges nothing (reason 3): its segments are copied and wait. */
    @Test
    void step5ComesWhenTheProcessIsScheduled() {
        server.sleepsReading(sender, NETPERF, "MSG_WAITALL");
        sender.pushes(2 * MSS);
        server.until(() -> server.copies() == 1);
        assertThat(server.acknowledgments()).isEmpty();
        server.until(() -> server.cycles(READERS, Symbol.TCP_PREQUEUE_PROCESS) > 0);
        server.lab.advance(MS);
        assertThat(server.acknowledgments()).isNotEmpty();
    }

    /** Where kernels do without the prequeue, or are told to, softirq acknowledges at once. */
    @ParameterizedTest
    @EnumSource(
            value = Personality.class,
            names = {"LINUX_2_6_18", "LINUX_2_6_24"})
    void step5IsTheSoftirqsInReleasedKernels(Personality personality) {
        on(Setup.offload(personality));
        server.sleepsReading(sender, NETPERF, "MSG_WAITALL");
        server.newProfile();
        sender.pushes(10 * MSS);
        server.lab.advance(MS);
        assertThat(server.cycles(INTERRUPTED, Symbol.TCP_TRANSMIT_SKB)).isPositive();
        assertThat(server.cycles(READERS, Symbol.TCP_TRANSMIT_SKB)).isZero();
    }

    @Test
    void step5IsTheSoftirqsWithImmediateAcknowledgments() {
        Setup setup = Setup.offload();
        setup.ackPolicy = KernelSpec.AckPolicy.SOFTIRQ;
        on(setup);
        server.sleepsReading(sender, NETPERF, "MSG_WAITALL");
        long readers = server.busyCycles(READERS);
        server.newProfile();
        sender.pushes(2 * MSS);
        server.until(() -> server.cycles(INTERRUPTED, Symbol.TCP_TRANSMIT_SKB) > 0);
        assertThat(server.busyCycles(READERS)).isEqualTo(readers);
    }

    /** "Instead of being freed, the SKB is placed on another queue, the async_wait_queue." */
    @Test
    void step6PacketsWaitForTheEngine() {
        on(Setup.offload().slowEngine());
        int before = server.objects(PACKETS);
        Call<SocketViews.Received> read = waitsForTheEngine();
        assertThat(server.acknowledgments().getLast()).matches(last -> sender.acknowledged(last) == 2 * MSS);
        int held = server.objects(PACKETS);
        server.lab.finish(read);
        assertThat(held - server.objects(PACKETS)).isEqualTo(2);
        assertThat(before - server.objects(PACKETS)).isLessThanOrEqualTo(2);
    }

    /** "The process waits for the last cookie to be completed, using dma_wait_for_completion", which sleeps. */
    @Test
    void step7WaitsForTheLastCookieAsleep() {
        on(Setup.offload().slowEngine());
        Call<SocketViews.Received> read = waitsForTheEngine();
        assertThat(server.machine.cpus().cpu(READERS).running()).isNull();
        long busy = server.busyCycles();
        server.lab.advance(500 * US);
        assertThat(server.busyCycles()).isEqualTo(busy);
        assertThat(server.cycles(Symbol.IOAT_DO_INTERRUPT)).isZero();
        server.lab.finish(read);
        assertThat(server.cycles(Symbol.IOAT_DO_INTERRUPT)).isPositive();
        assertThat(server.channel(0).lastCompletedCookie()).isEqualTo(2);
    }

    /** Released kernels had lost that function: they ask the channel again and again. */
    @ParameterizedTest
    @EnumSource(
            value = Personality.class,
            names = {"LINUX_2_6_18", "LINUX_2_6_24", "LINUX_3_12"})
    void step7SpinsInReleasedKernels(Personality personality) {
        Setup setup = Setup.offload(personality).slowEngine();
        setup.copybreakBytes = 0;
        on(setup);
        Call<SocketViews.Received> read = waitsForTheEngine();
        assertThat(server.machine.cpus().cpu(READERS).running()).isEqualTo("recv");
        long beganNs = server.lab.nowNs();
        server.lab.finish(read);
        long waitedCycles = (server.lab.nowNs() - beganNs) * 34 / 10;
        assertThat(waitedCycles).isGreaterThan(2_000_000);
        assertThat(server.cycles(READERS, Symbol.DMA_MEMCPY_COMPLETE)).isGreaterThan(waitedCycles * 99 / 100);
        assertThat(server.cycles(Symbol.IOAT_DO_INTERRUPT)).isZero();
    }

    /** "The iovec is un-pinned and its pages are marked dirty." */
    @Test
    void step8UnpinsAndMarksDirty() {
        on(Setup.offload().slowEngine());
        Call<SocketViews.Received> read = waitsForTheEngine();
        assertThat(server.pinnedPages()).isEqualTo(1);
        String page = server.pinned().getFirst();
        assertThat(server.machine.memory().page(page).dirty()).isFalse();
        server.until(() -> server.pinnedPages() == 0);
        assertThat(server.machine.memory().page(page).dirty()).isTrue();
        assertThat(read.isDone()).isFalse();
    }

    /** "All SKBs in the async_wait_queue are freed", and that only now. */
    @Test
    void step9FreesThePacketsLast() {
        on(Setup.offload().slowEngine());
        waitsForTheEngine();
        int held = server.objects(PACKETS);
        server.until(() -> server.pinnedPages() == 0);
        assertThat(server.objects(PACKETS)).isEqualTo(held);
        server.until(() -> server.objects(PACKETS) == held - 2);
    }

    /** "The system call is completed." */
    @Test
    void step10TheReadReturnsWhatWasSent() {
        Call<SocketViews.Received> read = server.sleepsReading(sender, NETPERF, "MSG_WAITALL");
        sender.pushes(20 * MSS);
        server.lab.advance(MS);
        sender.pushes(NETPERF - 20 * MSS);
        SocketViews.Received received = server.lab.finish(read);
        assertThat(received.received()).isEqualTo(NETPERF);
        assertThat(received.sha256()).isEqualTo(sender.next(NETPERF));
        assertThat(received.offload()).isEqualTo(offload(NETPERF));
        assertThat(server.pinnedPages()).isZero();
    }

    private static SocketViews.Offload offload(long bytes) {
        return new SocketViews.Offload(bytes, bytes, 0, Map.of(), Map.of());
    }
}
