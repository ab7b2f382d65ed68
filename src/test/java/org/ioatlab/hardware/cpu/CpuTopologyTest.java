package org.ioatlab.hardware.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.ioatlab.observe.Observation;
import org.ioatlab.time.Frequency;
import org.junit.jupiter.api.Test;

class CpuTopologyTest {
    private static List<String> layout(int sockets, int cores, int threads) {
        CpuTopology topology = new CpuTopology(sockets, cores, threads);
        return topology.assemble(new Frequency(3400), 62, new Observation(topology.logicalCpus())).stream()
                .map(cpu -> cpu.id() + ":" + cpu.socket() + "." + cpu.core() + "." + cpu.thread())
                .toList();
    }

    @Test
    void firstThreadsOfAllCoresAreNumberedBeforeSecondOnes() {
        assertThat(layout(2, 1, 2)).containsExactly("0:0.0.0", "1:1.0.0", "2:0.0.1", "3:1.0.1");
        assertThat(layout(2, 2, 1)).containsExactly("0:0.0.0", "1:0.1.0", "2:1.0.0", "3:1.1.0");
        assertThat(layout(1, 2, 2)).containsExactly("0:0.0.0", "1:0.1.0", "2:0.0.1", "3:0.1.1");
        assertThat(layout(1, 1, 1)).containsExactly("0:0.0.0");
    }

    @Test
    void siblingsAreTheOtherThreadOfTheSameCore() {
        List<Cpu> cpus = new CpuTopology(2, 2, 2).assemble(new Frequency(3400), 62, new Observation(8));
        for (Cpu one : cpus) {
            for (Cpu other : cpus) {
                assertThat(one.isSiblingOf(other)).isEqualTo(Math.abs(one.id() - other.id()) == 4);
            }
        }
    }

    @Test
    void countsItsLogicalProcessors() {
        assertThat(new CpuTopology(8, 16, 2).logicalCpus()).isEqualTo(256);
        assertThat(layout(8, 16, 2)).hasSize(256).doesNotHaveDuplicates();
    }

    @Test
    void countsOutsideTheirRangesAreRefusedByName() {
        assertThatThrownBy(() -> new CpuTopology(0, 1, 1)).hasMessageContaining("sockets");
        assertThatThrownBy(() -> new CpuTopology(9, 1, 1)).hasMessageContaining("sockets");
        assertThatThrownBy(() -> new CpuTopology(1, 0, 1)).hasMessageContaining("coresPerSocket");
        assertThatThrownBy(() -> new CpuTopology(1, 17, 1)).hasMessageContaining("coresPerSocket");
        assertThatThrownBy(() -> new CpuTopology(1, 1, 0)).hasMessageContaining("threadsPerCore");
        assertThatThrownBy(() -> new CpuTopology(1, 1, 3)).isInstanceOf(IllegalArgumentException.class);
    }
}
