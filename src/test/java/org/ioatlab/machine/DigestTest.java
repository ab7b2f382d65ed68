package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Equal specs and commands give equal states, whoever looks and wherever they run. */
class DigestTest {
    @Test
    void theSameRunInAnotherProcessHasTheSameDigestAtEveryStep() throws Exception {
        List<String> here = ScriptedRun.digests(false);
        assertThat(AnotherProcess.linesOf(ScriptedRun.class)).isEqualTo(here);
        assertThat(here).as("every step changes the state").doesNotHaveDuplicates();
    }

    @Test
    void observationChangesNothing() throws Exception {
        assertThat(ScriptedRun.digests(true)).isEqualTo(ScriptedRun.digests(false));
    }

    @Test
    void aSeedIsPartOfTheState() {
        MachineSpec spec = Presets.IOAT.spec();
        Machine one = new Machine(spec);
        Machine two = new Machine(new MachineSpec(
                spec.platform(), 2, spec.cpus(), spec.memory(), spec.nic(), spec.dma(), spec.kernel(), spec.costs()));
        assertThat(two.digest()).isNotEqualTo(one.digest());
        assertThat(new Machine(spec).digest()).isEqualTo(one.digest());
    }
}
