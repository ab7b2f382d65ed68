package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.ioatlab.machine.TestMachine.inBuffer;
import static org.ioatlab.machine.TestMachine.inPage;
import static org.ioatlab.paper.Server.MS;

import java.util.Arrays;
import java.util.List;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.machine.Call;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.DmaSpec;
import org.ioatlab.machine.DmaViews;
import org.ioatlab.machine.PciCommand;
import org.ioatlab.machine.TestMachine;
import org.junit.jupiter.api.Test;

/** Section 4.2 of the OLS 2005 paper, "The Linux DMA Subsystem". */
class Section42DmaSubsystemTest {
    private static final int LENGTH = 4096;

    private TestMachine lab = TestMachine.standard();

    /** "register, using dma_client_register(), and request one or more DMA channels" */
    @Test
    void clientsRegisterAndRequestChannels() {
        DmaViews.ChannelRequest request = lab.client("storage", 2);
        assertThat(request.channels()).containsExactly("dma0chan0", "dma0chan1");
        assertThat(request.pending()).isZero();
        assertThat(lab.events("storage")).isEqualTo("""
                1 DMA_RESOURCE_ADDED dma0chan0
                2 DMA_RESOURCE_ADDED dma0chan1
                """);
    }

    /** "clients who have asked for but not yet received channels will have their callback called" */
    @Test
    void channelsThatAreEnumeratedLaterComeByCallback() {
        lab = TestMachine.withDma(dma -> new DmaSpec(
                dma.present(),
                dma.channels(),
                dma.transferCapBytes(),
                dma.interrupts(),
                DmaSpec.Enumeration.DEFERRED,
                dma.firstCookie()));
        assertThat(lab.client("storage", 1).pending()).isEqualTo(1);
        assertThat(lab.events("storage")).isEmpty();
        lab.run(new PciCommand.Enumerate(0));
        assertThat(lab.events("storage")).isEqualTo("1 DMA_RESOURCE_ADDED dma0chan0\n");
    }

    /** "Clients need to handle the failure to receive a DMA channel gracefully [...] fall back to non-offloaded copying." */
    @Test
    void whoGetsNoChannelCopiesByItself() {
        lab.client("greedy", 4);
        assertThat(lab.client("storage", 1).channels()).isEmpty();
        String source = lab.buffer(LENGTH);
        String target = lab.emptyBuffer(LENGTH);
        DmaViews.Copy copy = lab.run(new DmaCommand.SubmitCopies(
                        null,
                        "storage",
                        List.of(new DmaCommand.Copy(inBuffer(target, 0), inBuffer(source, 0), LENGTH)),
                        true,
                        0))
                .copies()
                .getFirst();
        assertThat(copy.copiedBy()).isEqualTo("CPU");
        assertThat(lab.bytes(target)).isEqualTo(lab.bytes(source));
    }

    /** dma_memcpy_buf_to_buf(), dma_memcpy_buf_to_pg(), dma_memcpy_pg_to_pg(), and their non-negative cookies. */
    @Test
    void threeKindsOfCopies() {
        lab.client("storage", 1);
        String buffer = lab.buffer(LENGTH);
        String page = lab.page(ZoneKind.HIGH);
        DmaViews.Copy toBuffer =
                lab.copy("dma0chan0", inBuffer(lab.emptyBuffer(LENGTH), 0), inBuffer(buffer, 0), LENGTH);
        DmaViews.Copy toPage = lab.copy("dma0chan0", inPage(page, 0), inBuffer(buffer, 0), LENGTH);
        DmaViews.Copy pageToPage = lab.copy("dma0chan0", inPage(lab.page(ZoneKind.HIGH), 0), inPage(page, 0), LENGTH);
        assertThat(List.of(toBuffer, toPage, pageToPage))
                .extracting(DmaViews.Copy::memcpy, DmaViews.Copy::cookie)
                .containsExactly(tuple("BUF_TO_BUF", 1), tuple("BUF_TO_PG", 2), tuple("PG_TO_PG", 3));
    }

    /** "the copy is not guaranteed to be completed when the function returns" */
    @Test
    void copiesAreAsynchronous() {
        lab.client("storage", 1);
        int cookie = lab.copy("dma0chan0", lab.emptyBuffer(LENGTH), lab.buffer(LENGTH), LENGTH);
        assertThat(lab.complete("dma0chan0", cookie).status()).isEqualTo("DMA_IN_PROGRESS");
        lab.advance(MS);
        assertThat(lab.complete("dma0chan0", cookie).status()).isEqualTo("DMA_SUCCESS");
    }

    /** "the client can use the above functions with the last cookie value": all others are done then. */
    @Test
    void theLastCookieStandsForAll() {
        lab.client("storage", 1);
        String source = lab.buffer(LENGTH);
        List<String> targets = List.of(lab.emptyBuffer(LENGTH), lab.emptyBuffer(LENGTH), lab.emptyBuffer(LENGTH));
        int last = 0;
        for (String target : targets) {
            last = lab.copy("dma0chan0", target, source, LENGTH);
        }
        assertThat(lab.waitFor("dma0chan0", last).status()).isEqualTo("DMA_SUCCESS");
        assertThat(targets).allMatch(target -> Arrays.equals(lab.bytes(target), lab.bytes(source)));
    }

    /** "the client uses one of the above functions, depending on if it wants to sleep, or not" */
    @Test
    void waitingSleepsAndAskingDoesNot() {
        lab.client("storage", 1);
        int length = 1 << 16;
        int cookie = lab.copy("dma0chan0", lab.emptyBuffer(length), lab.buffer(length), length);
        Call<DmaViews.Cookie> wait = lab.start(new DmaCommand.WaitForCookie("dma0chan0", cookie, Server.SECOND, 0));
        lab.advance(10 * Server.US);
        assertThat(wait.isDone()).isFalse();
        assertThat(lab.machine.cpus().cpu(0).running()).isNull();
        assertThat(lab.complete("dma0chan0", cookie).status()).isEqualTo("DMA_IN_PROGRESS");
        assertThat(lab.finish(wait).status()).isEqualTo("DMA_SUCCESS");
    }
}
