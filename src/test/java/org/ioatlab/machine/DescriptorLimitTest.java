package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.Map;
import org.ioatlab.kernel.dmaengine.IoatChannel;
import org.junit.jupiter.api.Test;

/** A channel's descriptors are limited; those that the engine has done are taken back before a copy is refused. */
class DescriptorLimitTest {
    private static final String CHANNEL = "dma0chan0";

    @Test
    void copiesGoOnWhenNobodyEverLooksForTheirCompletion() {
        TestMachine m = TestMachine.standard();
        m.client("net", 1);
        String source = m.buffer(64);
        String target = m.emptyBuffer(64);
        int lists = IoatChannel.DESCRIPTOR_LIMIT / DmaFace.MOST_COPIES + 2;
        for (int i = 0; i < lists; i++) {
            submit(m, target, source, DmaFace.MOST_COPIES, 64);
        }
        DmaViews.Channel channel = m.machine.dma().channel(CHANNEL);
        assertThat(channel.lastUsedCookie()).isEqualTo(lists * DmaFace.MOST_COPIES);
        assertThat(channel.queuedDescriptors()).isLessThanOrEqualTo(IoatChannel.DESCRIPTOR_LIMIT);
        assertThat(channel.allocatedDescriptors()).isLessThanOrEqualTo(IoatChannel.DESCRIPTOR_LIMIT + 64);
    }

    @Test
    void aChannelThatCannotKeepUpRefusesAtItsLimit() {
        TestMachine m = new TestMachine(slowEngine());
        m.client("net", 1);
        String source = m.buffer(4096);
        String target = m.emptyBuffer(4096);
        int lists = IoatChannel.DESCRIPTOR_LIMIT / DmaFace.MOST_COPIES - 1;
        for (int i = 0; i < lists; i++) {
            submit(m, target, source, DmaFace.MOST_COPIES, 4096);
        }
        int left =
                IoatChannel.DESCRIPTOR_LIMIT - m.machine.dma().channel(CHANNEL).queuedDescriptors();
        submit(m, target, source, Math.min(left, DmaFace.MOST_COPIES), 4096);
        assertThatThrownBy(() -> submit(m, target, source, DmaFace.MOST_COPIES, 4096))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(Refusal.Kind.CONFLICT);
                    assertThat(refusal.type()).isEqualTo("descriptor-limit");
                    assertThat(refusal.facts()).containsEntry("errno", -12);
                });
    }

    private static void submit(TestMachine m, String target, String source, int count, int length) {
        DmaCommand.Copy copy =
                new DmaCommand.Copy(TestMachine.inBuffer(target, 0), TestMachine.inBuffer(source, 0), length);
        m.run(new DmaCommand.SubmitCopies(CHANNEL, null, Collections.nCopies(count, copy), false, 0));
    }

    /** The default machine whose engine is just fast enough to pass its self-test. */
    private static MachineSpec slowEngine() {
        MachineSpec spec = Presets.IOAT.spec();
        return new MachineSpec(
                spec.platform(),
                1,
                spec.cpus(),
                spec.memory(),
                spec.nic(),
                spec.dma(),
                spec.kernel(),
                Map.of("engineMegabytesPerSecond", 3L));
    }
}
