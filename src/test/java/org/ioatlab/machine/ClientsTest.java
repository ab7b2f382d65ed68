package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.machine.TestMachine.inBuffer;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Who gets which channel and when: registration order, hand-on, shrinking, engines that come late or go (OLS 2005 paper, section 4.2; Linux
 * 2.6.18 dmaengine).
 */
class ClientsTest {
    private final TestMachine m = TestMachine.standard();

    @Test
    void channelsAreHandedOutInTheirOrderToClientsInTheirs() {
        assertThat(m.client("a", 1)).isEqualTo(new DmaViews.ChannelRequest(1, List.of("dma0chan0"), 0));
        assertThat(m.client("b", 2)).isEqualTo(new DmaViews.ChannelRequest(2, List.of("dma0chan1", "dma0chan2"), 0));
        assertThat(m.client("c", 3)).isEqualTo(new DmaViews.ChannelRequest(3, List.of("dma0chan3"), 2));
        assertThat(owners()).isEqualTo("a b b c");
        assertThat(m.events("c")).isEqualTo("1 DMA_RESOURCE_ADDED dma0chan3\n");
    }

    @Test
    void aMillionChannelsMayBeAskedForAndFourAreThere() {
        assertThat(m.client("a", 1_000_000).pending()).isEqualTo(999_996);
        assertThat(m.refused(new DmaCommand.RequestChannels("a", -1, 0))).isEqualTo("MALFORMED invalid-value");
    }

    @Test
    void shrinkingTakesTheOldestChannelsAndTellsTheClient() {
        m.client("a", 4);
        m.client("b", 3);
        assertThat(request("a", 2)).isEqualTo(new DmaViews.ChannelRequest(2, List.of("dma0chan2", "dma0chan3"), 0));
        assertThat(m.events("a")).isEqualTo("""
                        1 DMA_RESOURCE_ADDED dma0chan0
                        2 DMA_RESOURCE_ADDED dma0chan1
                        3 DMA_RESOURCE_ADDED dma0chan2
                        4 DMA_RESOURCE_ADDED dma0chan3
                        5 DMA_RESOURCE_REMOVED dma0chan0
                        6 DMA_RESOURCE_REMOVED dma0chan1
                        """);
        assertThat(owners()).as("the freed ones went on to b within a's call").isEqualTo("b b a a");
        assertThat(m.machine.dma().client("b"))
                .isEqualTo(new DmaViews.Client("b", "b", 3, List.of("dma0chan0", "dma0chan1"), 1));
    }

    /** A client that registered earlier than the one that shrinks is served at the next change, as in the kernel's one pass. */
    @Test
    void oneWhoRegisteredEarlierIsServedAtTheNextChange() {
        m.run(new DmaCommand.RegisterClient("early", 0));
        m.client("late", 4);
        assertThat(request("early", 1).pending()).isEqualTo(1);
        request("late", 3);
        assertThat(owners()).isEqualTo("- late late late");
        request("late", 3);
        assertThat(owners()).isEqualTo("early late late late");
    }

    @Test
    void aRequestForNoneFreesAll() {
        m.client("a", 2);
        assertThat(request("a", 0)).isEqualTo(new DmaViews.ChannelRequest(0, List.of(), 0));
        assertThat(owners()).isEqualTo("- - - -");
        assertThat(m.channel("dma0chan0").allocatedDescriptors()).isZero();
        assertThat(m.register("chan0.CHANCTRL")).as("not in use").isZero();
    }

    @Test
    void unregisteringHandsChannelsOnAndTellsOnlyTheHeirs() {
        m.client("a", 3);
        m.client("b", 3);
        m.run(new DmaCommand.UnregisterClient("a", 0));
        assertThat(owners()).isEqualTo("b b - b");
        assertThat(m.events("b")).isEqualTo("""
                        1 DMA_RESOURCE_ADDED dma0chan3
                        2 DMA_RESOURCE_ADDED dma0chan0
                        3 DMA_RESOURCE_ADDED dma0chan1
                        """);
        assertThat(m.refused(new DmaCommand.UnregisterClient("a", 0))).isEqualTo("UNKNOWN unknown-client");
        String s = m.buffer(100);
        String t = m.emptyBuffer(100);
        m.untilDone("dma0chan0", m.copy("dma0chan0", t, s, 100));
        assertThat(m.bytes(t)).isEqualTo(m.bytes(s));
    }

    @Test
    void theEventLogCanBeReadFromAnyPlace() {
        m.client("a", 4);
        request("a", 1);
        List<DmaViews.Event> all = m.machine.dma().events("a", 0, 100);
        assertThat(all).extracting(DmaViews.Event::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(m.machine.dma().events("a", 5, 100)).isEqualTo(all.subList(5, 7));
        assertThat(m.machine.dma().events("a", 0, 2)).isEqualTo(all.subList(0, 2));
        assertThat(m.machine.dma().events("a", 7, 100)).isEmpty();
        assertThat(all).extracting(DmaViews.Event::atNs).isSorted();
        assertThat(all.getLast().atNs()).isPositive().isLessThanOrEqualTo(m.nowNs());
    }

    @Test
    void theEventLogKeepsTheNewestThousand() {
        m.client("a", 0);
        for (int i = 0; i < 150; i++) {
            request("a", 4);
            request("a", 0);
        }
        List<DmaViews.Event> kept = m.machine.dma().events("a", 0, 2000);
        assertThat(kept).hasSize(1000);
        assertThat(kept.getFirst().sequence()).isEqualTo(201);
        assertThat(kept.getLast().sequence()).isEqualTo(1200);
    }

    @Test
    void anEngineThatIsEnumeratedLateServesTheRequestsThatWait() {
        TestMachine late =
                TestMachine.withDma(dma -> new DmaSpec(true, 2, 4096, true, DmaSpec.Enumeration.DEFERRED, 0));
        assertThat(late.machine.dma().channels()).isEmpty();
        assertThat(late.client("net", 3)).isEqualTo(new DmaViews.ChannelRequest(3, List.of(), 3));
        assertThat(late.machine.pci().devices().getFirst().driver()).isNull();

        long beforeNs = late.nowNs();
        PciViews.Enumerated found = late.run(new PciCommand.Enumerate(0));

        assertThat(found.claimed()).containsExactly("0000:00:08.0");
        assertThat(late.machine.pci().devices().getFirst().driver()).isEqualTo("ioatdma");
        assertThat(late.events("net")).isEqualTo("1 DMA_RESOURCE_ADDED dma0chan0\n2 DMA_RESOURCE_ADDED dma0chan1\n");
        DmaViews.Event added = late.machine.dma().events("net", 0, 1).getFirst();
        assertThat(added.atNs())
                .as("within the scan, after the self-test's millisecond")
                .isBetween(beforeNs + 1_000_000, late.nowNs());
        assertThat(late.run(new PciCommand.Enumerate(0)).claimed()).isEmpty();
    }

    @Test
    void anEngineThatIsPluggedInServesTheRequestsThatWait() {
        m.client("net", 6);
        PciViews.Device added = m.run(new PciCommand.AddEngine(3, 1));
        assertThat(added.address()).isEqualTo("0000:00:09.0");
        assertThat(added.driver()).isEqualTo("ioatdma");
        assertThat(m.machine.dma().client("net").channels())
                .containsExactly("dma0chan0", "dma0chan1", "dma0chan2", "dma0chan3", "dma1chan0", "dma1chan1");
        assertThat(m.channel("dma1chan2").client()).isNull();
    }

    @Test
    void pullingAnEngineOutInTheMiddleOfACopyIsToldAndRefused() {
        m.client("net", 2);
        m.run(new PciCommand.AddEngine(1, 0));
        String source = m.buffer(1 << 20);
        String target = m.emptyBuffer(1 << 20);
        int cookie = m.copy("dma0chan0", target, source, 1 << 20);
        m.copy("dma0chan1", target, source, 1 << 20);
        Call<DmaViews.Cookie> wait = m.start(new DmaCommand.WaitForCookie("dma0chan0", cookie, 1_000_000_000_000L, 0));
        Call<DmaViews.Cookie> other = m.start(new DmaCommand.WaitForCookie("dma0chan1", cookie, 1_000_000_000_000L, 1));
        m.advance(50_000_000);
        assertThat(wait.isDone()).isFalse();

        m.run(new PciCommand.Remove("0000:00:08.0", 2));

        for (Call<DmaViews.Cookie> waiting : List.of(wait, other)) {
            Refusal refusal = m.whyFailed(waiting);
            assertThat(refusal.kind() + " " + refusal.type()).isEqualTo("CONFLICT channel-removed");
            assertThat(refusal.facts()).containsEntry("errno", -19);
        }
        assertThat(m.events("net")).isEqualTo("""
                        1 DMA_RESOURCE_ADDED dma0chan0
                        2 DMA_RESOURCE_ADDED dma0chan1
                        3 DMA_RESOURCE_REMOVED dma0chan0
                        4 DMA_RESOURCE_REMOVED dma0chan1
                        5 DMA_RESOURCE_ADDED dma1chan0
                        """);
        assertThat(m.machine.dma().client("net"))
                .isEqualTo(new DmaViews.Client("net", "net", 2, List.of("dma1chan0"), 1));
        assertThat(m.refused(new DmaCommand.CompleteCookie("dma0chan0", cookie, 0)))
                .isEqualTo("UNKNOWN unknown-channel");
        int copied = 0;
        for (byte[] now = m.bytes(target); copied < now.length && now[copied] == (byte) copied; copied++) {}
        assertThat(copied).as("whole pieces up to the removal").isPositive().isLessThan(1 << 20);

        m.untilDone("dma1chan0", m.copy("dma1chan0", target, source, 1 << 20));
        assertThat(m.bytes(target)).isEqualTo(m.bytes(source));
        m.run(new MemoryCommand.FreeBuffer(target, 0));
        m.run(new MemoryCommand.FreeBuffer(source, 0));
    }

    @Test
    void anEngineThatGoesDuringItsSelfTestIsNotUsed() {
        Call<PciViews.Device> adding = m.start(new PciCommand.AddEngine(2, 0));
        m.advance(500_000_000);
        m.run(new PciCommand.Remove("0000:00:09.0", 1));
        assertThat(m.finish(adding).driver()).isNull();
        assertThat(m.machine.dma().channels()).hasSize(4);
        assertThat(m.machine.pci().devices())
                .extracting(PciViews.Device::address)
                .doesNotContain("0000:00:09.0");
    }

    @Test
    void twoScansAtOnceProbeAFunctionOnce() {
        Call<PciViews.Device> adding = m.start(new PciCommand.AddEngine(2, 0));
        Call<PciViews.Enumerated> scan = m.start(new PciCommand.Enumerate(1));
        assertThat(m.finish(scan).claimed()).isEmpty();
        assertThat(m.finish(adding).driver()).isEqualTo("ioatdma");
        assertThat(m.machine.dma().channels())
                .extracting(DmaViews.Channel::id)
                .containsExactly("dma0chan0", "dma0chan1", "dma0chan2", "dma0chan3", "dma1chan0", "dma1chan1");
    }

    @Test
    void whatCantBeDoneIsRefused() {
        m.client("a", 1);
        assertThat(m.refused(new DmaCommand.RegisterClient("a", 0))).isEqualTo("CONFLICT client-exists");
        assertThat(m.refused(new DmaCommand.RegisterClient("b", -1))).isEqualTo("MEANINGLESS no-such-cpu");
        assertThat(m.refused(new DmaCommand.RequestChannels("b", 1, 0))).isEqualTo("UNKNOWN unknown-client");
        assertThat(m.refused(new DmaCommand.IssuePending("dma0chan1", 0))).isEqualTo("CONFLICT channel-not-owned");
        assertThat(m.refused(new DmaCommand.ControlChannel("dma0chan1", DmaCommand.Control.RESET, 0)))
                .isEqualTo("CONFLICT channel-not-owned");
        assertThat(m.refused(new PciCommand.Remove("0000:00:1f.0", 0))).isEqualTo("UNKNOWN unknown-pci-device");
        assertThat(m.refused(new PciCommand.AddEngine(0, 0))).isEqualTo("MALFORMED invalid-value");
        assertThat(m.refused(new PciCommand.AddEngine(17, 0))).isEqualTo("MALFORMED invalid-value");
        for (int i = 2; i <= PciFace.MOST_ENGINES; i++) {
            m.run(new PciCommand.AddEngine(1, 0));
        }
        assertThat(m.refused(new PciCommand.AddEngine(1, 0))).isEqualTo("LIMIT too-many-engines");
        for (int i = 2; i <= DmaFace.MOST_CLIENTS; i++) {
            m.run(new DmaCommand.RegisterClient(null, 0));
        }
        assertThat(m.refused(new DmaCommand.RegisterClient(null, 0))).isEqualTo("LIMIT too-many-clients");
        assertThat(m.machine.dma().clients().get(1).id()).isEqualTo("client1");
    }

    /** Two callers at once: what both found possible when they called, one of them may find done when it runs. */
    @Test
    void twoCallsAtOnceAreServedOneAfterTheOther() {
        Call<DmaViews.Client> first = m.start(new DmaCommand.RegisterClient("a", 0));
        Call<DmaViews.Client> second = m.start(new DmaCommand.RegisterClient("a", 1));
        assertThat(m.finish(first).id()).isEqualTo("a");
        assertThat(m.whyFailed(second).type()).isEqualTo("client-exists");
        Call<Done> leave = m.start(new DmaCommand.UnregisterClient("a", 0));
        Call<DmaViews.ChannelRequest> request = m.start(new DmaCommand.RequestChannels("a", 1, 1));
        m.finish(leave);
        assertThat(m.whyFailed(request).type()).isEqualTo("unknown-client");
        assertThat(owners()).isEqualTo("- - - -");
    }

    @Test
    void aCallOnAChannelWhoseEngineGoesMeanwhileAnswersOrIsRefused() {
        m.client("a", 2);
        String b = m.buffer(64);
        m.copy("dma0chan0", inBuffer(b, 0), inBuffer(b, 32), 32);
        Call<DmaViews.Channel> suspend =
                m.start(new DmaCommand.ControlChannel("dma0chan0", DmaCommand.Control.SUSPEND, 0));
        Call<DmaViews.Register> write = m.start(new DmaCommand.WriteRegister("chan0.CHANERR", 0, 1));
        Call<Done> removal = m.start(new PciCommand.Remove("0000:00:08.0", 2));
        Call<DmaViews.Channel> issue = m.start(new DmaCommand.IssuePending("dma0chan1", 3));
        m.finish(removal);
        assertThat(m.finish(suspend).id()).isEqualTo("dma0chan0");
        assertThat(m.whyFailed(write).type()).isEqualTo("unknown-register");
        assertThat(m.whyFailed(issue).type()).isEqualTo("unknown-channel");
    }

    private DmaViews.ChannelRequest request(String client, int number) {
        return m.run(new DmaCommand.RequestChannels(client, number, 0));
    }

    /** The channels' owners in order, a dash for none. */
    private String owners() {
        List<String> names = m.machine.dma().channels().stream()
                .map(channel -> channel.client() == null ? "-" : channel.client())
                .toList();
        return String.join(" ", names);
    }
}
