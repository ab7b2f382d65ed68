package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;

/** A machine that has just been switched on. */
class BootTest {
    @Test
    void theClockStandsAtZeroAndNothingIsPending() {
        TestMachine m = TestMachine.standard();
        assertThat(m.machine.nowPs()).isZero();
        assertThat(m.machine.fired()).isZero();
        assertThat(m.machine.isIdle()).isTrue();
        assertThat(m.machine.nextEventPs()).isEqualTo(Long.MAX_VALUE);
        assertThat(m.machine.cpus().cpus())
                .allSatisfy(cpu -> assertThat(cpu.busyCycles()).isZero());
        assertThat(m.machine.cpus().profile(null).rows()).isEmpty();
    }

    /** The transmit queue was last locked at an instant of the boot, which lies before 0. */
    @Test
    void nobodyWaitsForALockThatTheBootHeld() {
        TestMachine m = TestMachine.standard();
        m.run(new ProcessCommand.Start(
                null, ProgramType.SINK, 5001, 87_380, List.of(), 5, 5, null, Verification.NONE, null));
        m.run(TrafficPlan.tcpStreams(5001, 1, 1).command());
        m.settle();
        assertThat(m.machine.cpus().profile(null).rows())
                .filteredOn(row -> row.symbol().equals("_spin_lock"))
                .singleElement()
                .satisfies(row -> assertThat(row.cycles()).isLessThan(20_000));
    }

    @Test
    void theEngineIsFoundAndTestedAndItsChannelsAreFree() {
        TestMachine m = TestMachine.standard();
        assertThat(m.machine.dma().channels())
                .containsExactly(free("dma0chan0"), free("dma0chan1"), free("dma0chan2"), free("dma0chan3"));
        assertThat(m.machine.pci().device("0000:00:08.0").lspci())
                .isEqualTo("00:08.0 System peripheral [0880]: Intel Corporation 5000 Series Chipset DMA Engine "
                        + "[8086:1a38] (rev 01)");
        assertThat(m.machine.dma().clients()).isEmpty();
    }

    /** The self-test used the first channel, with a cookie of its own. */
    private static DmaViews.Channel free(String id) {
        return new DmaViews.Channel(id, "0000:00:08.0", null, "HALTED", List.of(), 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void equalSpecsBootToEqualMachines() {
        assertThat(TestMachine.standard().machine.digest())
                .isEqualTo(TestMachine.standard().machine.digest());
        assertThat(TestMachine.withCpus(2).machine.digest())
                .isNotEqualTo(TestMachine.standard().machine.digest());
    }

    @Test
    void anEngineWhoseEnumerationIsDeferredIsOnTheBusWithoutADriver() {
        TestMachine m = TestMachine.withDma(dma -> new DmaSpec(true, 4, 4096, true, DmaSpec.Enumeration.DEFERRED, 0));
        assertThat(m.machine.nowPs()).isZero();
        assertThat(m.machine.dma().channels()).isEmpty();
        assertThat(m.machine.pci().device("0000:00:08.0").driver()).isNull();
        assertThat(m.register("chan0.CHANSTS")).as("reset value: halted").isEqualTo(3);
    }

    @Test
    void aMachineWithoutAnEngineHasNoChannels() {
        TestMachine m = TestMachine.withDma(dma -> new DmaSpec(false, 4, 4096, true, DmaSpec.Enumeration.BOOT, 0));
        assertThat(m.machine.dma().channels()).isEmpty();
        assertThat(m.machine.dma().registers()).isEmpty();
        assertThat(m.client("net", 2).pending()).isEqualTo(2);
        assertThat(m.refused(new DmaCommand.SelfTest(null, 64, 1, 1, 1, 0, 0))).isEqualTo("CONFLICT no-channel");
    }

    @Test
    void aFewMebibytesAreEnough() {
        assertThat(TestMachine.withMemory(16, 16).client("net", 4).channels()).hasSize(4);
    }
}
