package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Steering interrupts ({@code /proc/irq/N/smp_affinity}). */
class InterruptAffinityTest {
    private static final int ETH0 = 16;

    private final TestMachine m = TestMachine.withCpus(4);

    private String eth0() {
        CpuViews.Interrupt line = m.machine.cpus().interrupt(ETH0);
        return line.irq() + " " + line.name() + " to " + line.cpu() + " " + line.counts();
    }

    private void receive() {
        byte[] frame = new byte[60];
        Arrays.fill(frame, 0, 6, (byte) 0xff);
        m.run(new NicCommand.InjectFrames("eth0", frame, new int[] {60}, new long[1], false));
        m.settle();
        m.advance(1_000_000_000L);
    }

    @Test
    void anInterruptGoesWhereItIsSteered() {
        String before = eth0();
        assertThat(before).startsWith("16 eth0 to 0 [");
        long first = m.machine.cpus().interrupt(ETH0).counts().getFirst();
        CpuViews.Interrupt steered = m.run(new CpuCommand.SetInterruptAffinity(ETH0, 2));
        assertThat(steered.cpu()).isEqualTo(2);
        receive();
        assertThat(eth0()).isEqualTo("16 eth0 to 2 [" + first + ", 0, 1, 0]");
        assertThat(m.machine.proc().read("interrupts")).containsPattern("16: +" + first + " +0 +1 +0 +PCI-MSI +eth0");
    }

    @Test
    void aResetOfThePortKeepsTheChoice() {
        m.run(new CpuCommand.SetInterruptAffinity(ETH0, 3));
        m.run(new NicCommand.Configure("eth0", null, null, 1, null, null, null, null));
        m.run(new NicCommand.Configure("eth0", true, null, 2, null, null, null, null));
        assertThat(m.machine.cpus().interrupt(ETH0).cpu()).isEqualTo(3);
        assertThat(m.machine.nics().nic("eth0").receiveQueues()).isEqualTo(2);
    }

    @Test
    void allVectorsAreListed() {
        assertThat(m.machine.cpus().interrupts())
                .extracting(line -> line.irq() + " " + line.name())
                .containsExactly("16 eth0", "17 ioatdma");
    }

    @Test
    void theChoiceIsPartOfTheState() {
        String before = m.machine.digest();
        m.run(new CpuCommand.SetInterruptAffinity(ETH0, 0));
        assertThat(m.machine.digest()).isNotEqualTo(before);
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThat(m.refused(new CpuCommand.SetInterruptAffinity(15, 0))).isEqualTo("UNKNOWN unknown-interrupt");
        assertThat(m.refused(new CpuCommand.SetInterruptAffinity(ETH0, 4))).isEqualTo("MEANINGLESS no-such-cpu");
    }
}
