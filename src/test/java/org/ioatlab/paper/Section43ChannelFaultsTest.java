package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.CHANNEL_FAILED;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.NO_CHANNEL;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.NO_WAITING_READER;
import static org.ioatlab.paper.Copied.copied;
import static org.ioatlab.paper.Sender.MSS;
import static org.ioatlab.paper.Server.MS;
import static org.ioatlab.paper.Server.READERS;
import static org.ioatlab.paper.Server.SECOND;
import static org.ioatlab.paper.Server.US;

import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.machine.Call;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.PciCommand;
import org.ioatlab.machine.PciViews;
import org.ioatlab.machine.SocketCommand;
import org.ioatlab.machine.SocketViews;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What befalls a channel while a read's copies are under way (OLS 2005 paper, section 4.3: a client falls back to copying by itself, section 4.2):
 * the engine has done the first of three segments and is at the second one.
 */
class Section43ChannelFaultsTest {
    /** Serves the processor that takes the interrupts. */
    private static final String CHANNEL = "dma0chan0";

    private Server server;
    private Sender sender;
    private boolean early;

    private void on(Personality personality) {
        Setup setup = Setup.offload(personality).slowEngine();
        setup.copybreakBytes = 0;
        server = setup.server();
        sender = Sender.connected(server);
        early = personality != Personality.LINUX_3_12;
    }

    private Call<SocketViews.Received> readsThreeSegments(long timeoutPs) {
        Call<SocketViews.Received> read = server.lab.start(
                new SocketCommand.Receive(sender.socket, List.of(3 * MSS), List.of("MSG_WAITALL"), timeoutPs, READERS));
        server.lab.advance(MS);
        sender.pushes(3 * MSS);
        return read;
    }

    private Call<SocketViews.Received> readsThreeSegments() {
        return readsThreeSegments(10 * SECOND);
    }

    private void whenTheSecondIsUnderWay() {
        server.lab.advance(700 * US);
        assertThat(server.lab.channel(CHANNEL).bytesTransferred()).isEqualTo(3 * MSS);
    }

    /** So many segments by the engine, and the others by the processor; nothing is lost, and nothing comes twice. */
    private void processorCopiesTheRest(long byEngine, Call<SocketViews.Received> read) {
        SocketViews.Received received = server.lab.finish(read);
        assertThat(received.received()).isEqualTo(3 * MSS);
        assertThat(received.sha256()).isEqualTo(sender.next(3 * MSS));
        SocketViews.Offload offload = received.offload();
        assertThat(offload.engineBytes()).isEqualTo(byEngine * MSS);
        assertThat(offload.reasons()).isEqualTo(Map.of(CHANNEL_FAILED.name(), (3 - byEngine) * MSS));
        assertThat(offload.earlyBytes()).isEqualTo(early ? byEngine * MSS : 0);
        assertThat(server.pinnedPages()).isZero();
        assertThat(server.socket(sender).readableBytes()).isZero();
    }

    /** Segments whose packets have been freed when the second one is under way. */
    private static long freed(Personality personality) {
        return personality == Personality.OLS2005 ? 0 : 1;
    }

    private void engineCopiesAgain() {
        SocketViews.Received received = server.lab.finish(readsThreeSegments());
        assertThat(received.sha256()).isEqualTo(sender.next(3 * MSS));
        assertThat(received.offload().engineBytes()).isEqualTo(3 * MSS);
        assertThat(received.offload().cpuBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Personality.class)
    void itHalts(Personality personality) {
        on(personality);
        server.lab.fault(CHANNEL, FaultType.HALT, 1);
        processorCopiesTheRest(1, readsThreeSegments());
        engineCopiesAgain();
    }

    @ParameterizedTest
    @EnumSource(Personality.class)
    void itReportsAnError(Personality personality) {
        on(personality);
        server.lab.fault(CHANNEL, FaultType.READ_DATA, 1);
        processorCopiesTheRest(1, readsThreeSegments());
        engineCopiesAgain();
    }

    /** What a reset forgets is copied again, done or not; but for what Linux, which frees packets while it waits, knows to be done. */
    @ParameterizedTest
    @EnumSource(Personality.class)
    void itIsReset(Personality personality) {
        on(personality);
        Call<SocketViews.Received> read = readsThreeSegments();
        whenTheSecondIsUnderWay();
        server.lab.control(CHANNEL, DmaCommand.Control.RESET);
        processorCopiesTheRest(freed(personality), read);
        engineCopiesAgain();
    }

    @ParameterizedTest
    @EnumSource(Personality.class)
    void itIsAborted(Personality personality) {
        on(personality);
        Call<SocketViews.Received> read = readsThreeSegments();
        whenTheSecondIsUnderWay();
        server.lab.control(CHANNEL, DmaCommand.Control.ABORT);
        processorCopiesTheRest(1, read);
        engineCopiesAgain();
    }

    /** Another client asks for so many channels that the stack gives all but its first away: that of a reader of queued data. */
    @ParameterizedTest
    @EnumSource(
            value = Personality.class,
            names = {"OLS2005", "LINUX_2_6_18"})
    void anotherClientGetsIt(Personality personality) {
        on(personality);
        sender.pushes(3 * MSS);
        server.lab.advance(MS);
        Call<SocketViews.Received> read = server.reads(sender, 3 * MSS);
        server.lab.advance(700 * US);
        assertThat(server.channel(1).bytesTransferred()).isEqualTo(3 * MSS);
        assertThat(server.lab.client("storage", 4).channels()).contains("dma0chan1");
        early = false;
        processorCopiesTheRest(freed(personality), read);
        engineCopiesAgain();
        assertThat(server.channel(1).bytesTransferred()).isEqualTo(3 * MSS);
    }

    @ParameterizedTest
    @EnumSource(Personality.class)
    void theEngineIsPulledOut(Personality personality) {
        on(personality);
        Call<SocketViews.Received> read = readsThreeSegments();
        whenTheSecondIsUnderWay();
        server.lab.run(new PciCommand.Remove(engine().address(), 0));
        processorCopiesTheRest(freed(personality), read);
        SocketViews.Received without = server.lab.finish(readsThreeSegments());
        assertThat(without.sha256()).isEqualTo(sender.next(3 * MSS));
        assertThat(without.offload())
                .isEqualTo(copied().cpu(NO_CHANNEL, 3 * MSS)
                        .late(NO_WAITING_READER, 3 * MSS)
                        .is());
        server.lab.run(new PciCommand.AddEngine(4, 0));
        engineCopiesAgain();
    }

    private PciViews.Device engine() {
        return server.machine.pci().devices().stream()
                .filter(device -> device.description().contains("DMA"))
                .findFirst()
                .orElseThrow();
    }

    /** The segment under way is still copied. A reader with a deadline gives up then, and what the engine has left is taken away from it. */
    @ParameterizedTest
    @EnumSource(Personality.class)
    void itIsSuspendedPastTheDeadline(Personality personality) {
        on(personality);
        long deadline = 20 * MS;
        long beganPs = server.machine.nowPs();
        Call<SocketViews.Received> read = readsThreeSegments(deadline);
        whenTheSecondIsUnderWay();
        server.lab.control(CHANNEL, DmaCommand.Control.SUSPEND);
        processorCopiesTheRest(2, read);
        assertThat(server.machine.nowPs() - beganPs).isBetween(deadline, deadline + MS);
        engineCopiesAgain();
    }

    @ParameterizedTest
    @EnumSource(Personality.class)
    void itIsSuspendedAndResumed(Personality personality) {
        on(personality);
        Call<SocketViews.Received> read = readsThreeSegments();
        whenTheSecondIsUnderWay();
        server.lab.control(CHANNEL, DmaCommand.Control.SUSPEND);
        server.lab.advance(50 * MS);
        assertThat(read.isDone()).isFalse();
        server.lab.control(CHANNEL, DmaCommand.Control.RESUME);
        SocketViews.Received received = server.lab.finish(read);
        assertThat(received.sha256()).isEqualTo(sender.next(3 * MSS));
        assertThat(received.offload().engineBytes()).isEqualTo(3 * MSS);
        engineCopiesAgain();
    }
}
