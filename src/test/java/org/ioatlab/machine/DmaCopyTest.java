package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Copies by the engine, as a user of a machine sees them (OLS 2005 paper, sections 4.1 and 4.2). */
class DmaCopyTest {
    @Test
    void aClientGetsChannelsAndCopies() {
        TestMachine m = TestMachine.standard();
        assertThat(m.nowNs()).isZero();
        assertThat(m.client("net", 2).channels()).containsExactly("dma0chan0", "dma0chan1");

        String source = m.buffer(10_000);
        String target = m.emptyBuffer(10_000);
        DmaViews.Copy copy =
                m.copy("dma0chan0", TestMachine.inBuffer(target, 0), TestMachine.inBuffer(source, 0), 10_000);

        assertThat(copy.cookie()).isEqualTo(1);
        assertThat(copy.descriptors()).isEqualTo(3);
        assertThat(copy.memcpy()).isEqualTo("BUF_TO_BUF");
        assertThat(copy.cycles()).isEqualTo(3 * 1100 + 300);
        assertThat(m.peek("dma0chan0", 1)).isEqualTo("DMA_IN_PROGRESS");
        assertThat(m.waitFor("dma0chan0", 1).status()).isEqualTo("DMA_SUCCESS");
        assertThat(m.bytes(target)).isEqualTo(m.bytes(source));
    }
}
