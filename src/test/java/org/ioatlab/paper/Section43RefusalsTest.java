package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.BELOW_COPYBREAK;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.CHANNEL_FAILED;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.CHANNEL_UNUSABLE;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.DATA_QUEUED;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.DOES_NOT_FIT;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.LOW_LATENCY;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.NOT_FAST_PATH;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.NOT_TCP;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.NO_CHANNEL;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.NO_COPY_OFFLOAD;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.NO_HARDWARE_CHECKSUM;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.NO_WAITING_READER;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.PEEK;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.PIN_FAILED;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.READER_BUSY;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.READER_WOKEN;
import static org.ioatlab.kernel.net.offload.OffloadRefusal.SOCKET_OWNED;
import static org.ioatlab.paper.Copied.copied;
import static org.ioatlab.paper.Sender.MSS;
import static org.ioatlab.paper.Server.MS;
import static org.ioatlab.paper.Server.SECOND;

import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.machine.Call;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.KernelSpec;
import org.ioatlab.machine.SocketCommand;
import org.ioatlab.machine.SocketViews;
import org.junit.jupiter.api.Test;

/** Why bytes weren't copied by the engine, or not before their reader ran: a test a reason, to the byte (OLS 2005 paper, section 4.3). */
class Section43RefusalsTest {
    private static final int NETPERF = 87_380;

    private final Setup setup = Setup.offload();
    private Server server;
    private Sender sender;

    private void on(Setup wanted) {
        server = wanted.server();
        sender = Sender.connected(server);
    }

    /** What a read came to that slept while ten segments came. */
    private SocketViews.Received readsTenSegments() {
        Call<SocketViews.Received> read = server.sleepsReading(sender, 10 * MSS, "MSG_WAITALL");
        sender.pushes(10 * MSS);
        return intact(server.lab.finish(read));
    }

    /** What a read came to that finds ten segments queued. */
    private SocketViews.Received readsTenQueuedSegments() {
        sender.pushes(10 * MSS);
        server.lab.advance(MS);
        return intact(server.readAll(sender, 10 * MSS));
    }

    private SocketViews.Received intact(SocketViews.Received received) {
        assertThat(received.sha256()).isEqualTo(sender.next((int) received.received()));
        assertThat(server.pinnedPages()).isZero();
        return received;
    }

    @Test
    void noneAndAllOfIt() {
        on(setup);
        assertThat(readsTenSegments().offload())
                .isEqualTo(copied().early(10 * MSS).is());
        assertThat(readsTenQueuedSegments().offload())
                .isEqualTo(copied().engine(10 * MSS).is());
    }

    @Test
    void noCopyOffload() {
        setup.copyOffload = false;
        on(setup);
        SocketViews.Offload byProcessor =
                copied().cpu(NO_COPY_OFFLOAD, 10 * MSS).is();
        assertThat(readsTenSegments().offload()).isEqualTo(byProcessor);
        assertThat(readsTenQueuedSegments().offload()).isEqualTo(byProcessor);
    }

    @Test
    void notTcp() {
        on(setup);
        String socket = server.lab
                .run(new SocketCommand.Open(
                        SocketCommand.Protocol.UDP, null, 9000, null, null, null, Map.of(), SECOND, 0))
                .id();
        sender.datagram(9000, 700);
        SocketViews.Received received =
                server.lab.run(new SocketCommand.Receive(socket, List.of(8000), List.of(), SECOND, 0));
        assertThat(received.offload()).isEqualTo(copied().cpu(NOT_TCP, 700).is());
    }

    @Test
    void noChannelWithoutAnEngine() {
        setup.engine = false;
        on(setup);
        assertThat(readsTenSegments().offload())
                .isEqualTo(copied().cpu(NO_CHANNEL, 10 * MSS)
                        .late(NO_WAITING_READER, 10 * MSS)
                        .is());
    }

    @Test
    void noChannelWhereTheStackAsksForNone() {
        setup.offloadChannels = 0;
        on(setup);
        assertThat(readsTenQueuedSegments().offload())
                .isEqualTo(copied().cpu(NO_CHANNEL, 10 * MSS).is());
    }

    @Test
    void belowCopybreak() {
        setup.copybreakBytes = 10 * MSS;
        on(setup);
        assertThat(readsTenSegments().offload())
                .isEqualTo(copied().cpu(BELOW_COPYBREAK, 10 * MSS)
                        .late(NO_WAITING_READER, 10 * MSS)
                        .is());
        assertThat(readsTenQueuedSegments().offload())
                .isEqualTo(copied().cpu(BELOW_COPYBREAK, 10 * MSS).is());
    }

    @Test
    void peek() {
        on(setup);
        sender.pushes(MSS);
        server.lab.advance(MS);
        SocketViews.Received peeked = server.lab.finish(server.reads(sender, 1000, "MSG_PEEK"));
        assertThat(peeked.offload()).isEqualTo(copied().cpu(PEEK, 1000).is());
        assertThat(intact(server.readAll(sender, MSS)).offload())
                .isEqualTo(copied().engine(MSS).is());
    }

    @Test
    void lowLatency() {
        setup.ackPolicy = KernelSpec.AckPolicy.SOFTIRQ;
        on(setup);
        assertThat(readsTenSegments().offload())
                .isEqualTo(copied().cpu(LOW_LATENCY, 10 * MSS).is());
    }

    /** Linux 2.6.24: with the usual low-water mark any queued byte will do. */
    @Test
    void dataQueued() {
        on(Setup.offload(Personality.LINUX_2_6_24));
        sender.pushes(MSS);
        server.lab.advance(MS);
        assertThat(intact(server.lab.finish(server.reads(sender, NETPERF))).offload())
                .isEqualTo(copied().cpu(DATA_QUEUED, MSS).is());
    }

    /** The list of a megabyte's 256 pages needs a kilobyte of kernel memory, and there is none. */
    @Test
    void pinFailed() {
        on(setup);
        sender.pushes(10 * MSS);
        server.lab.advance(MS);
        server.exhaustLowMemory();
        assertThat(intact(server.lab.finish(server.reads(sender, 1 << 20))).offload())
                .isEqualTo(copied().cpu(PIN_FAILED, 10 * MSS).is());
    }

    @Test
    void readerBusy() {
        on(setup);
        Call<SocketViews.Received> first = server.sleepsReading(sender, NETPERF);
        Call<SocketViews.Received> second = server.sleepsReading(sender, NETPERF);
        sender.pushes(MSS);
        assertThat(intact(server.lab.finish(first)).offload())
                .isEqualTo(copied().early(MSS).is());
        sender.pushes(MSS);
        assertThat(intact(server.lab.finish(second)).offload())
                .isEqualTo(copied().cpu(READER_BUSY, MSS).is());
    }

    /** "Do not initiate engine-assisted copies on non-HW-checksummed data." */
    @Test
    void noHardwareChecksum() {
        setup.checksumOffload = false;
        on(setup);
        assertThat(readsTenSegments().offload())
                .isEqualTo(copied().cpu(NO_HARDWARE_CHECKSUM, 10 * MSS)
                        .late(NO_HARDWARE_CHECKSUM, 10 * MSS)
                        .is());
        assertThat(readsTenQueuedSegments().offload())
                .isEqualTo(copied().cpu(NO_HARDWARE_CHECKSUM, 10 * MSS).is());
    }

    /** In Linux 3.12 nobody counts as waiting who doesn't run. */
    @Test
    void noWaitingReader() {
        on(Setup.offload(Personality.LINUX_3_12));
        assertThat(readsTenSegments().offload())
                .isEqualTo(copied().engine(10 * MSS)
                        .late(NO_WAITING_READER, 10 * MSS)
                        .is());
    }

    /** Linux 2.6.18: one interrupt brings three segments; the first has PSH and wakes the reader, who can't be there in time. */
    @Test
    void readerWoken() {
        Setup linux = Setup.offload(Personality.LINUX_2_6_18).cost("contextSwitchCycles", 100_000);
        linux.interruptsPerSecond = 8000;
        on(linux);
        Call<SocketViews.Received> read = server.sleepsReading(sender, 4 * MSS, "MSG_WAITALL");
        sender.sends(MSS).pushes(MSS).pushes(MSS).sends(MSS);
        assertThat(intact(server.lab.finish(read)).offload())
                .isEqualTo(copied().early(2 * MSS)
                        .engine(2 * MSS)
                        .late(READER_WOKEN, 2 * MSS)
                        .is());
    }

    @Test
    void doesNotFit() {
        on(setup);
        Call<SocketViews.Received> read = server.sleepsReading(sender, MSS + 1000, "MSG_WAITALL");
        sender.pushes(2 * MSS);
        assertThat(intact(server.lab.finish(read)).offload())
                .isEqualTo(
                        copied().early(MSS).engine(1000).late(DOES_NOT_FIT, MSS).is());
        assertThat(server.socket(sender).readableBytes()).isEqualTo(MSS - 1000);
    }

    @Test
    void notOnTheFastPath() {
        on(setup);
        Call<SocketViews.Received> read = server.sleepsReading(sender, 3 * MSS, "MSG_WAITALL");
        sender.sends(MSS).sendsWithWindow(MSS, 50_000).pushes(MSS);
        assertThat(intact(server.lab.finish(read)).offload())
                .isEqualTo(copied().early(2 * MSS)
                        .cpu(NOT_FAST_PATH, MSS)
                        .late(NOT_FAST_PATH, MSS)
                        .is());
    }

    /** Such a segment is queued, which wakes the reader; that one is in time for the next. What an earlier segment was refused for is forgotten. */
    @Test
    void notOnTheFastPathOfReleasedKernels() {
        on(Setup.offload(Personality.LINUX_2_6_18));
        Call<SocketViews.Received> tooShort = server.sleepsReading(sender, 3 * MSS + 1000, "MSG_WAITALL");
        sender.pushes(4 * MSS);
        assertThat(intact(server.lab.finish(tooShort)).offload().notEarly())
                .isEqualTo(Map.of(DOES_NOT_FIT.name(), (long) MSS));
        intact(server.readAll(sender, MSS - 1000));
        Call<SocketViews.Received> read = server.sleepsReading(sender, 3 * MSS, "MSG_WAITALL");
        sender.sends(MSS).sendsWithWindow(MSS, 50_000).pushes(MSS);
        assertThat(intact(server.lab.finish(read)).offload())
                .isEqualTo(copied().early(2 * MSS)
                        .engine(MSS)
                        .late(NOT_FAST_PATH, MSS)
                        .is());
    }

    /** A segment comes while the reader pins its 256 pages. */
    @Test
    void socketOwned() {
        on(setup);
        Call<SocketViews.Received> read = server.reads(sender, 1 << 20);
        server.until(() -> server.pinnedPages() > 8);
        sender.pushes(MSS);
        server.lab.advance(MS);
        assertThat(intact(server.lab.finish(read)).offload())
                .isEqualTo(copied().engine(MSS).late(SOCKET_OWNED, MSS).is());
    }

    @Test
    void channelUnusable() {
        on(setup);
        server.lab.control("dma0chan1", DmaCommand.Control.SUSPEND);
        server.lab.control("dma0chan0", DmaCommand.Control.SUSPEND);
        assertThat(readsTenSegments().offload())
                .isEqualTo(copied().cpu(CHANNEL_UNUSABLE, 10 * MSS)
                        .late(CHANNEL_UNUSABLE, 10 * MSS)
                        .is());
        assertThat(readsTenQueuedSegments().offload())
                .isEqualTo(copied().cpu(CHANNEL_UNUSABLE, 10 * MSS).is());
    }

    /** The engine was given three segments, and fails at the second one's first descriptor. */
    @Test
    void channelFailed() {
        on(setup.slowEngine());
        server.lab.fault("dma0chan0", FaultType.HALT, 1);
        Call<SocketViews.Received> read = server.sleepsReading(sender, 3 * MSS, "MSG_WAITALL");
        sender.pushes(3 * MSS);
        assertThat(intact(server.lab.finish(read)).offload())
                .isEqualTo(copied().early(MSS).cpu(CHANNEL_FAILED, 2 * MSS).is());
    }
}
