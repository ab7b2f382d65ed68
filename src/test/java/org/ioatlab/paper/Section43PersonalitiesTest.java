package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.BELOW_COPYBREAK;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.DATA_QUEUED;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.NO_HARDWARE_CHECKSUM;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.NO_WAITING_READER;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.PIN_FAILED;
import static org.ioatlab.paper.Copied.copied;
import static org.ioatlab.paper.Sender.MSS;
import static org.ioatlab.paper.Server.INTERRUPTED;
import static org.ioatlab.paper.Server.MS;
import static org.ioatlab.paper.Server.READERS;

import java.util.Map;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.machine.Call;
import org.ioatlab.machine.Refusal;
import org.ioatlab.machine.SocketViews;
import org.ioatlab.observe.Symbol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What became of section 4.3 in the kernels that were released: one test a difference, each for all personalities. */
class Section43PersonalitiesTest {
    private static final int NETPERF = 87_380;
    private static final String PACKETS = "skbuff_head_cache";

    private Server server;
    private Sender sender;

    private void on(Setup setup) {
        server = setup.server();
        sender = Sender.connected(server);
    }

    private SocketViews.Received intact(Call<SocketViews.Received> read) {
        SocketViews.Received received = server.lab.finish(read);
        assertThat(received.sha256()).isEqualTo(sender.next((int) received.received()));
        return received;
    }

    /** A read that sleeps while segments come. */
    private SocketViews.Offload waits(int bytes) {
        Call<SocketViews.Received> read = server.sleepsReading(sender, bytes, "MSG_WAITALL");
        sender.pushes(bytes);
        return intact(read).offload();
    }

    /** A read that finds its data queued. */
    private SocketViews.Offload comesLate(int bytes, String... flags) {
        sender.pushes(bytes);
        server.lab.advance(MS);
        return intact(server.reads(sender, bytes, flags)).offload();
    }

    @ParameterizedTest
    @CsvSource({"OLS2005,1", "LINUX_2_6_18,1", "LINUX_2_6_24,1", "LINUX_3_12,2"})
    void theFirstCookie(Personality personality, int cookie) {
        Setup setup = Setup.offload(personality);
        setup.copybreakBytes = 0;
        on(setup);
        waits(MSS);
        assertThat(server.channel(0).lastCompletedCookie() + server.channel(1).lastCompletedCookie())
                .as("one channel's first cookie and another's none")
                .isEqualTo(cookie + (cookie - 1));
    }

    /** The most descriptors that gather while one softirq copies ten segments. */
    @ParameterizedTest
    @CsvSource({"OLS2005,0", "LINUX_2_6_18,13", "LINUX_2_6_24,3"})
    void descriptorsGatherBeforeTheEngineIsTold(Personality personality, int most) {
        Setup setup = Setup.offload(personality);
        setup.interruptsPerSecond = 8000;
        on(setup);
        server.sleepsReading(sender, NETPERF, "MSG_WAITALL");
        sender.sends(MSS);
        server.lab.advance(10 * Server.US);
        sender.pushes(10 * MSS);
        assertThat(server.mostPending(() -> server.copies() >= 14)).isEqualTo(most);
    }

    @ParameterizedTest
    @CsvSource({"OLS2005,0", "LINUX_2_6_18,4096", "LINUX_2_6_24,4096", "LINUX_3_12,4096"})
    void copybreak(Personality personality, int copybreak) {
        on(Setup.offload(personality));
        if (copybreak > 0) {
            assertThat(waits(copybreak).reasons()).isEqualTo(reasons(copybreak));
        }
        assertThat(waits(copybreak + 1).engineBytes()).isEqualTo(copybreak + 1);
    }

    @ParameterizedTest
    @EnumSource(Personality.class)
    void copybreakOfTheSpec(Personality personality) {
        Setup setup = Setup.offload(personality);
        setup.copybreakBytes = 2048;
        on(setup);
        assertThat(waits(2048).reasons()).isEqualTo(reasons(2048));
        assertThat(waits(2049).engineBytes()).isEqualTo(2049);
    }

    private static Map<String, Long> reasons(long bytes) {
        return Map.of(BELOW_COPYBREAK.name(), bytes);
    }

    /** In the prequeue, on the softirq's fast path, or only where the reader runs. */
    @ParameterizedTest
    @CsvSource({"OLS2005,true,10", "LINUX_2_6_18,true,0", "LINUX_2_6_24,true,0", "LINUX_3_12,false,0"})
    void whereTheCopyStarts(Personality personality, boolean early, long prequeued) {
        on(Setup.offload(personality));
        Copied expected =
                early ? copied().early(10 * MSS) : copied().engine(10 * MSS).late(NO_WAITING_READER, 10 * MSS);
        assertThat(waits(10 * MSS)).isEqualTo(expected.is());
        assertThat(server.counter("net/netstat", "TCPPrequeued")).isEqualTo(prequeued);
    }

    /** By the reader; by softirq; where softirq only queues, by both: the first ones are quick, the others wait for the read. */
    @ParameterizedTest
    @CsvSource({"OLS2005,false,true", "LINUX_2_6_18,true,false", "LINUX_2_6_24,true,false", "LINUX_3_12,true,true"})
    void whereAcknowledgmentsAreMade(Personality personality, boolean bySoftirq, boolean byReader) {
        on(Setup.offload(personality));
        server.sleepsReading(sender, NETPERF, "MSG_WAITALL");
        server.newProfile();
        sender.pushes(40 * MSS);
        server.lab.advance(5 * MS);
        assertThat(server.cycles(INTERRUPTED, Symbol.TCP_TRANSMIT_SKB) > 0).isEqualTo(bySoftirq);
        assertThat(server.cycles(READERS, Symbol.TCP_TRANSMIT_SKB) > 0).isEqualTo(byReader);
    }

    /** "reduced CPU utilization should still be attainable" for data that is there before its reader, until 2.6.24. */
    @ParameterizedTest
    @CsvSource({"OLS2005,true", "LINUX_2_6_18,true", "LINUX_2_6_24,false", "LINUX_3_12,false"})
    void queuedDataWithTheUsualLowWaterMark(Personality personality, boolean engine) {
        on(Setup.offload(personality));
        Copied expected = engine ? copied().engine(10 * MSS) : copied().cpu(DATA_QUEUED, 10 * MSS);
        assertThat(comesLate(10 * MSS)).isEqualTo(expected.is());
    }

    /** Who waits for more than is queued raises the mark. */
    @ParameterizedTest
    @EnumSource(Personality.class)
    void queuedDataBelowTheLowWaterMark(Personality personality) {
        on(Setup.offload(personality));
        sender.pushes(5 * MSS);
        server.lab.advance(MS);
        Call<SocketViews.Received> read = server.reads(sender, 10 * MSS, "MSG_WAITALL");
        server.lab.advance(MS);
        sender.pushes(5 * MSS);
        assertThat(intact(read).offload().engineBytes()).isEqualTo(10 * MSS);
    }

    /** Bytes that software had to verify: never the engine's in the paper, but from the queue in later kernels. */
    @ParameterizedTest
    @CsvSource({"OLS2005,false", "LINUX_2_6_18,true", "LINUX_2_6_24,true", "LINUX_3_12,true"})
    void queuedDataWithoutHardwareChecksums(Personality personality, boolean engine) {
        Setup setup = Setup.offload(personality);
        setup.checksumOffload = false;
        on(setup);
        sender.pushes(5 * MSS);
        server.lab.advance(MS);
        Call<SocketViews.Received> read = server.reads(sender, 6 * MSS, "MSG_WAITALL");
        server.lab.advance(MS);
        assertThat(server.copies() > 0).isEqualTo(engine);
        sender.pushes(MSS);
        long byEngine = intact(read).offload().engineBytes();
        assertThat(byEngine).isEqualTo(engine ? 6 * MSS : 0);
    }

    /** Early copies without a verified checksum there are in none. */
    @ParameterizedTest
    @EnumSource(
            value = Personality.class,
            names = {"OLS2005", "LINUX_2_6_18", "LINUX_2_6_24"})
    void noEarlyCopyWithoutHardwareChecksums(Personality personality) {
        Setup setup = Setup.offload(personality);
        setup.checksumOffload = false;
        on(setup);
        SocketViews.Offload offload = waits(10 * MSS);
        assertThat(offload.earlyBytes()).isZero();
        assertThat(offload.notEarly()).isEqualTo(Map.of(NO_HARDWARE_CHECKSUM.name(), 10L * MSS));
    }

    /**
     * A closed window, and a read of more than is queued, whose packets all wait for the engine: where they still count, the window stays closed
     * for good, unless the reader frees them before it sleeps.
     */
    @ParameterizedTest
    @CsvSource({"OLS2005,true", "LINUX_2_6_18,false", "LINUX_2_6_24,false", "LINUX_3_12,true"})
    void aClosedWindowOpens(Personality personality, boolean opens) {
        on(Setup.offload(personality));
        int queued = sender.fillsTheWindow();
        assertThat(server.acknowledgments()).isEmpty();
        Call<SocketViews.Received> read = server.reads(sender, queued + MSS, "MSG_WAITALL");
        server.lab.advance(50 * MS);
        assertThat(read.isDone()).isFalse();
        boolean told = server.acknowledgments().stream().anyMatch(each -> each.window() > MSS);
        assertThat(told).isEqualTo(opens);
    }

    /** Steps 8 and 9 of the paper, and the other way round. */
    @ParameterizedTest
    @CsvSource({"OLS2005,true", "LINUX_2_6_18,false", "LINUX_2_6_24,false", "LINUX_3_12,false"})
    void pagesAreLetGoBeforePacketsAreFreed(Personality personality, boolean pagesFirst) {
        Setup setup = Setup.offload(personality).slowEngine();
        setup.copybreakBytes = 0;
        on(setup);
        server.sleepsReading(sender, 2 * MSS, "MSG_WAITALL");
        sender.pushes(2 * MSS);
        server.lab.advance(200 * Server.US);
        int held = server.objects(PACKETS);
        server.until(() -> server.objects(PACKETS) <= held - 2);
        assertThat(server.pinnedPages() == 0).isEqualTo(pagesFirst);
    }

    /** The list of pages can't be had: some kernels mistake the error for a list. */
    @ParameterizedTest
    @CsvSource({"OLS2005,false", "LINUX_2_6_18,true", "LINUX_2_6_24,true", "LINUX_3_12,false"})
    void pagesThatCantBePinned(Personality personality, boolean fails) {
        on(Setup.offload(personality));
        sender.pushes(10 * MSS);
        server.lab.advance(MS);
        server.exhaustLowMemory();
        Call<SocketViews.Received> read = server.reads(sender, 1 << 20, "MSG_WAITALL");
        sender.ends();
        if (fails) {
            Refusal refusal = server.lab.whyFailed(read);
            assertThat(refusal.facts()).containsEntry("error", "EFAULT");
        } else {
            assertThat(intact(read).offload())
                    .isEqualTo(copied().cpu(PIN_FAILED, 10 * MSS).is());
        }
        assertThat(server.pinnedPages()).isZero();
    }
}
