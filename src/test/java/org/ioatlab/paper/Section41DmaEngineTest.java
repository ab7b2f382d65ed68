package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.paper.Server.MS;

import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.PciViews;
import org.ioatlab.machine.Presets;
import org.ioatlab.machine.TestMachine;
import org.junit.jupiter.api.Test;

/** Section 4.1 of the OLS 2005 paper, "The DMA Engine". */
class Section41DmaEngineTest {
    private static final int LENGTH = 1 << 16;

    private final TestMachine lab = TestMachine.withFreeTicks(Presets.IOAT.spec());

    /** "a PCI-enumerated device in the chipset" */
    @Test
    void isAPciFunction() {
        assertThat(lab.machine.pci().devices())
                .filteredOn(device -> device.device().equals("1a38"))
                .singleElement()
                .extracting(PciViews.Device::driver)
                .isEqualTo("ioatdma");
    }

    /** "multiple independent DMA channels": one that stands still doesn't hold the others up. */
    @Test
    void channelsAreIndependent() {
        assertThat(lab.client("storage", 2).channels()).hasSize(2);
        lab.control("dma0chan0", DmaCommand.Control.SUSPEND);
        String source = lab.buffer(LENGTH);
        String first = lab.emptyBuffer(LENGTH);
        String second = lab.emptyBuffer(LENGTH);
        int copied = lab.copy("dma0chan1", second, source, LENGTH);
        lab.untilDone("dma0chan1", copied);
        assertThat(lab.bytes(second)).isEqualTo(lab.bytes(source));
        lab.control("dma0chan0", DmaCommand.Control.RESUME);
        lab.untilDone("dma0chan0", lab.copy("dma0chan0", first, source, LENGTH));
        assertThat(lab.bytes(first)).isEqualTo(lab.bytes(source));
    }

    /** "with direct access to main memory": while it copies, processors have nothing to do with it. */
    @Test
    void copiesWithoutAProcessor() {
        lab.client("storage", 1);
        String source = lab.buffer(LENGTH);
        String target = lab.emptyBuffer(LENGTH);
        int cookie = lab.copy("dma0chan0", target, source, LENGTH);
        long busy = lab.machine.cpus().cpu(0).busyCycles();
        lab.untilDone("dma0chan0", cookie);
        assertThat(lab.machine.cpus().cpu(0).busyCycles()).isEqualTo(busy);
    }

    /** "When the engine completes a copy, it can optionally generate an interrupt": if somebody sleeps for it. */
    @Test
    void interruptsAreOptional() {
        lab.client("storage", 1);
        String source = lab.buffer(LENGTH);
        String target = lab.emptyBuffer(LENGTH);
        lab.untilDone("dma0chan0", lab.copy("dma0chan0", target, source, LENGTH));
        lab.advance(MS);
        assertThat(interrupts()).isZero();
        lab.waitFor("dma0chan0", lab.copy("dma0chan0", target, source, LENGTH));
        assertThat(interrupts()).isEqualTo(1);
    }

    private long interrupts() {
        return ProcRows.sum(lab.machine, "interrupts", "ioatdma");
    }
}
