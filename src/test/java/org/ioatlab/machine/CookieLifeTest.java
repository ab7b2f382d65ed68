package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.ioatlab.kernel.dmaengine.Personality;
import org.junit.jupiter.api.Test;

/** Cookies through real copies: their order, their wrap, and how long a channel remembers them. */
class CookieLifeTest {
    @Test
    void cookiesWrapFromTheLargestToOne() {
        TestMachine m =
                TestMachine.withDma(dma -> new DmaSpec(true, 4, 4096, true, DmaSpec.Enumeration.BOOT, 2_147_483_646));
        m.client("net", 1);
        String source = m.buffer(8192);
        String target = m.emptyBuffer(8192);
        int[] expected = {2_147_483_646, 2_147_483_647, 1, 2};
        for (int cookie : expected) {
            assertThat(m.copy("dma0chan0", target, source, 8192)).isEqualTo(cookie);
        }
        assertThat(m.channel("dma0chan0").lastUsedCookie()).isEqualTo(2);
        for (int cookie : expected) {
            assertThat(m.peek("dma0chan0", cookie)).isEqualTo("DMA_IN_PROGRESS");
        }
        m.untilDone("dma0chan0", 2_147_483_646);
        assertThat(m.peek("dma0chan0", 2_147_483_647)).isEqualTo("DMA_IN_PROGRESS");
        assertThat(m.complete("dma0chan0", 2_147_483_647).lastCompletedCookie()).isEqualTo(2_147_483_646);
        assertThat(m.waitFor("dma0chan0", 1).status()).isEqualTo("DMA_SUCCESS");
        m.settle();
        for (int cookie : expected) {
            assertThat(m.complete("dma0chan0", cookie).status()).isEqualTo("DMA_SUCCESS");
        }
        assertThat(m.channel("dma0chan0").lastCompletedCookie()).isEqualTo(2);
        for (int never : new int[] {3, 0, -1, 5000, 2_147_483_645}) {
            assertThat(m.refused(new DmaCommand.CompleteCookie("dma0chan0", never, 0)))
                    .isEqualTo("UNKNOWN unknown-cookie");
        }
    }

    @Test
    void aCookieThatWasNeverGivenOutIsUnknownToAllThreeCalls() {
        TestMachine m = TestMachine.standard();
        m.client("net", 1);
        String source = m.buffer(64);
        m.copy("dma0chan0", m.emptyBuffer(64), source, 64);
        for (int never : new int[] {0, -1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(m.refused(new DmaCommand.CompleteCookie("dma0chan0", never, 0)))
                    .isEqualTo("UNKNOWN unknown-cookie");
            assertThat(m.refused(new DmaCommand.WaitForCookie("dma0chan0", never, 0, 0)))
                    .isEqualTo("UNKNOWN unknown-cookie");
            assertThat(look(m, never)).isEqualTo("unknown-cookie");
        }
        assertThat(m.refusal(new DmaCommand.CompleteCookie("dma0chan0", 2, 0)).facts())
                .containsEntry("lastUsedCookie", 1);
    }

    @Test
    void lookingMovesNothingAndCompletingMovesTheDriversRecord() {
        TestMachine m = TestMachine.standard();
        m.client("net", 1);
        String source = m.buffer(64);
        String target = m.emptyBuffer(64);
        m.copy("dma0chan0", target, source, 64);
        m.copy("dma0chan0", target, source, 64);
        m.settle();
        String before = m.machine.digest();
        assertThat(m.peek("dma0chan0", 2)).isEqualTo("DMA_SUCCESS");
        assertThat(m.machine.dma().cookie("dma0chan0", 2).lastCompletedCookie()).isZero();
        assertThat(m.machine.digest()).isEqualTo(before);

        DmaViews.Cookie first = m.complete("dma0chan0", 1);
        assertThat(first.lastCompletedCookie()).as("one cleanup finds both").isEqualTo(2);
        assertThat(first.cycles())
                .as("poll, cleanup, the word from memory, two freed")
                .isEqualTo(60 + 60 + 400 + 2 * 80);
        assertThat(m.complete("dma0chan0", 2).cycles()).as("known already").isEqualTo(60);
    }

    @Test
    void aChannelsCookiesGoOnWithItsNextOwner() {
        TestMachine m = TestMachine.standard();
        m.client("first", 1);
        String source = m.buffer(64);
        String target = m.emptyBuffer(64);
        assertThat(m.copy("dma0chan0", target, source, 64)).isEqualTo(1);
        assertThat(m.copy("dma0chan0", target, source, 64)).isEqualTo(2);
        m.settle();
        m.run(new DmaCommand.UnregisterClient("first", 0));
        assertThat(m.peek("dma0chan0", 1)).isEqualTo("DMA_SUCCESS");
        m.client("second", 1);
        assertThat(m.channel("dma0chan0").lastUsedCookie()).isEqualTo(2);
        assertThat(m.copy("dma0chan0", target, source, 64)).isEqualTo(3);
    }

    /** What is dropped by RESET or with its owner is behind the channel: the kernel's comparison reads it as over. */
    @Test
    void droppedCopiesAreBehindTheChannel() {
        TestMachine m = TestMachine.standard();
        m.client("net", 1);
        String source = m.buffer(65_536);
        m.copy("dma0chan0", m.emptyBuffer(65_536), source, 65_536);
        m.control("dma0chan0", DmaCommand.Control.ABORT);
        assertThat(m.peek("dma0chan0", 1)).isEqualTo("DMA_ERROR");
        m.control("dma0chan0", DmaCommand.Control.RESET);
        assertThat(m.peek("dma0chan0", 1)).isEqualTo("DMA_SUCCESS");
        assertThat(m.channel("dma0chan0").lastCompletedCookie()).isEqualTo(1);
    }

    @Test
    void linux312BeginsWithTwo() {
        TestMachine m = TestMachine.withPersonality(Personality.LINUX_3_12);
        m.client("net", 1);
        String source = m.buffer(64);
        assertThat(m.channel("dma0chan0").lastUsedCookie()).isEqualTo(1);
        assertThat(m.copy("dma0chan0", m.emptyBuffer(64), source, 64)).isEqualTo(2);
        assertThat(look(m, 1)).isEqualTo("unknown-cookie");
    }

    private static String look(TestMachine m, int cookie) {
        try {
            return m.peek("dma0chan0", cookie);
        } catch (Refusal refusal) {
            return refusal.type();
        }
    }
}
