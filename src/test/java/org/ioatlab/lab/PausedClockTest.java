package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.ioatlab.machine.MemoryViews;
import org.junit.jupiter.api.Test;

/** A PAUSED machine moves only as asked. */
class PausedClockTest {
    @Test
    void aCommandRunsOnTheMachineUntilItsCallReturns() {
        try (Lab lab = new Lab()) {
            MachineHandle machine = lab.paused();
            MemoryViews.Buffer buffer = machine.execute(Lab.buffer(4096)).join();
            assertThat(buffer.id()).isEqualTo("b1");
            long end = machine.clock().join().nowNs();
            assertThat(end).isPositive();
            lab.pass(1_000_000_000);
            assertThat(machine.clock().join().nowNs()).isEqualTo(end);
        }
    }
}
