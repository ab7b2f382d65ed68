package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.machine.TestMachine.inBuffer;
import static org.ioatlab.machine.TestMachine.inPage;

import java.util.Collections;
import java.util.List;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.kernel.mm.ZoneKind;
import org.junit.jupiter.api.Test;

/** A client's fall-back when no channel takes its copy: the processor copies (OLS 2005 paper, section 4.2). */
class CpuFallbackTest {
    private final TestMachine m = TestMachine.standard();
    private final String source = m.buffer(10_000);
    private final String target = m.emptyBuffer(10_000);

    @Test
    void withoutAChannelTheProcessorCopiesAtItsCost() {
        m.run(new DmaCommand.RegisterClient("net", 0));
        long calledPs = m.machine.nowPs();
        DmaViews.Submitted answer = m.run(submit(null, "net"));
        long cycles = 400 + 10_650 + 400 + 10_650 + 400 + 4_790;
        assertThat(answer.channel()).isNull();
        assertThat(answer.copies())
                .as("2.6 cycles a byte and a line's latency, a page at a time")
                .containsExactly(new DmaViews.Copy(null, "BUF_TO_BUF", "DMA_SUCCESS", "CPU", 0, cycles));
        assertThat(m.machine.nowPs()).isEqualTo(((calledPs * 34 + 9999) / 10_000 + cycles) * 10_000 / 34);
        assertThat(m.bytes(target)).isEqualTo(m.bytes(source));
    }

    @Test
    void whateverKeepsTheChannelFromTakingIt() {
        m.client("net", 1);
        m.client("disk", 1);
        assertThat(by("dma0chan0", "net")).isEqualTo("ENGINE");
        m.control("dma0chan0", DmaCommand.Control.SUSPEND);
        assertThat(by("dma0chan0", "net")).as("suspended").isEqualTo("CPU");
        m.control("dma0chan0", DmaCommand.Control.RESUME);
        assertThat(by("dma0chan0", "net")).isEqualTo("ENGINE");
        m.control("dma0chan0", DmaCommand.Control.ABORT);
        assertThat(by("dma0chan0", "net")).as("halted").isEqualTo("CPU");
        m.control("dma0chan0", DmaCommand.Control.RESET);
        assertThat(by("dma0chan0", "net")).isEqualTo("ENGINE");
        assertThat(by("dma0chan1", "net")).as("another client's").isEqualTo("CPU");
        assertThat(by("dma0chan2", "net")).as("nobody's").isEqualTo("CPU");
        assertThat(m.refused(submit("dma9chan0", "net"))).isEqualTo("UNKNOWN unknown-channel");
        m.settle();
        assertThat(m.bytes(target)).isEqualTo(m.bytes(source));
    }

    @Test
    void aChannelThatStopsWithinAListLeavesTheRestToTheProcessor() {
        m.client("net", 1);
        DmaCommand.Copy copy = new DmaCommand.Copy(inBuffer(target, 0), inBuffer(source, 0), 10_000);
        m.fault("dma0chan0", FaultType.HALT, 1);
        DmaViews.Submitted answer =
                m.run(new DmaCommand.SubmitCopies("dma0chan0", "net", Collections.nCopies(8, copy), true, 0));
        assertThat(answer.channel()).isEqualTo("dma0chan0");
        List<String> by = answer.copies().stream().map(DmaViews.Copy::copiedBy).toList();
        assertThat(by).startsWith("ENGINE").endsWith("CPU").hasSize(8);
        assertThat(m.bytes(target)).isEqualTo(m.bytes(source));
    }

    @Test
    void pagesAreCopiedTooWhereverTheyLie() {
        m.run(new DmaCommand.RegisterClient("net", 0));
        for (ZoneKind zone : ZoneKind.values()) {
            String page = m.page(zone);
            DmaViews.Copy copy = m.run(new DmaCommand.SubmitCopies(
                            null,
                            "net",
                            List.of(new DmaCommand.Copy(inPage(page, 1), inBuffer(source, 2), 4095)),
                            true,
                            0))
                    .copies()
                    .getFirst();
            assertThat(copy.memcpy()).isEqualTo("BUF_TO_PG");
            assertThat(m.pageBytes(page)[4095]).isEqualTo(m.bytes(source)[4096]);
        }
    }

    /** Interrupts are taken between pages: a waiter's copy on the same processor is cleaned up meanwhile. */
    @Test
    void interruptsGetInBetweenPages() {
        m.client("net", 1);
        String large = m.buffer(1 << 20);
        String copied = m.emptyBuffer(1 << 20);
        m.run(new DmaCommand.RegisterClient("poor", 0));
        int cookie = m.copy("dma0chan0", target, source, 10_000);
        Call<DmaViews.Cookie> wait = m.start(new DmaCommand.WaitForCookie("dma0chan0", cookie, 1_000_000_000_000L, 0));
        m.advance(1_000_000);
        DmaCommand.Copy copy = new DmaCommand.Copy(inBuffer(copied, 0), inBuffer(large, 0), 1 << 20);
        Call<DmaViews.Submitted> byCpu = m.start(new DmaCommand.SubmitCopies(null, "poor", List.of(copy), true, 0));
        m.advance(100_000_000);
        assertThat(byCpu.isDone()).isFalse();
        assertThat(m.channel("dma0chan0").lastCompletedCookie())
                .as("the interrupt handler ran while the processor copied")
                .isEqualTo(cookie);
        assertThat(m.finish(byCpu).copies().getFirst().cycles()).isEqualTo(256 * (400 + 10_650));
        assertThat(m.finish(wait).status()).isEqualTo("DMA_SUCCESS");
        assertThat(m.bytes(copied)).isEqualTo(m.bytes(large));
    }

    private String by(String channel, String client) {
        return m.run(submit(channel, client)).copies().getFirst().copiedBy();
    }

    private DmaCommand.SubmitCopies submit(String channel, String client) {
        DmaCommand.Copy copy = new DmaCommand.Copy(inBuffer(target, 0), inBuffer(source, 0), 10_000);
        return new DmaCommand.SubmitCopies(channel, client, List.of(copy), true, 0);
    }
}
