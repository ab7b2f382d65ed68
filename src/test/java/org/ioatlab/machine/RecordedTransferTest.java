package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.ioatlab.wire.FlowKey;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.capture.CaptureFrames;
import org.ioatlab.wire.capture.LinuxTransfer;
import org.junit.jupiter.api.Test;

/** A recorded transfer by the Linux TCP stack, received with split headers and four queues and gathered by the copy engine. */
class RecordedTransferTest {
    private static final byte[] RECEIVER = {0x02, 0, 0, 0, 0, 0x01};
    private static final String CHANNEL = "dma0chan0";

    @Test
    void everyFileComesOutOfHeaderBuffersPagesAndEngineWhole() throws Exception {
        TestMachine m = fourQueues();
        m.run(new NicCommand.SetTap("eth0", 1000));
        int sent = inject(m);
        m.settle();

        List<NicViews.Packet> packets = m.machine.nics().packets("eth0", 0, 1000, null);
        assertThat(packets).hasSize(sent);
        Map<FlowKey, List<NicViews.Packet>> flows = byFlow(m, packets);
        TreeSet<Integer> queues = new TreeSet<>();
        flows.forEach((flow, all) -> {
            List<Integer> ofFlow =
                    all.stream().map(NicViews.Packet::queue).distinct().toList();
            assertThat(ofFlow).as("queues of %s", flow).hasSize(1);
            queues.addAll(ofFlow);
        });
        assertThat(queues).containsExactly(0, 1, 2, 3);

        m.client("gather", 1);
        for (LinuxTransfer.Connection connection : LinuxTransfer.connections()) {
            byte[] file = gather(m, flows.get(connection.data()), connection.bytes());
            assertThat(MemoryFace.sha256(file)).isEqualTo(connection.sha256());
        }
    }

    private static TestMachine fourQueues() {
        MachineSpec spec = Presets.IOAT.spec();
        NicSpec nic = new NicSpec(1, 1000, 1500, 4, 256, true, true, true, 8000);
        return new TestMachine(new MachineSpec(
                spec.platform(), 1, spec.cpus(), spec.memory(), nic, spec.dma(), spec.kernel(), Map.of()));
    }

    private static int inject(TestMachine m) throws Exception {
        CaptureFrames frames = LinuxTransfer.frames();
        int total = 0;
        int[] lengths = new int[frames.count()];
        long[] gaps = new long[frames.count()];
        for (int i = 0; i < frames.count(); i++) {
            lengths[i] = frames.capturedLength(i);
            total += lengths[i];
            gaps[i] = i == 0 ? 0 : (frames.timeNs(i) - frames.timeNs(i - 1)) * 1000;
        }
        byte[] bytes = new byte[total];
        int at = 0;
        for (int i = 0; i < frames.count(); i++) {
            System.arraycopy(frames.bytes(), frames.offset(i), bytes, at, lengths[i]);
            System.arraycopy(RECEIVER, 0, bytes, at, RECEIVER.length);
            at += lengths[i];
        }
        return m.run(new NicCommand.InjectFrames("eth0", bytes, lengths, gaps, true))
                .accepted();
    }

    private static Map<FlowKey, List<NicViews.Packet>> byFlow(TestMachine m, List<NicViews.Packet> packets) {
        Map<FlowKey, List<NicViews.Packet>> flows = new LinkedHashMap<>();
        FrameLayout layout = new FrameLayout();
        for (NicViews.Packet packet : packets) {
            byte[] frame = m.machine.nics().packetBytes("eth0", packet.sequence());
            layout.parse(frame, 0, frame.length);
            if (layout.isTcp()) {
                flows.computeIfAbsent(FlowKey.of(frame, layout), key -> new ArrayList<>())
                        .add(packet);
                int header = packet.header().length();
                if (layout.payloadLength() > 128) {
                    assertThat(packet.split()).isTrue();
                    assertThat(header).isEqualTo(layout.payloadOffset());
                    assertThat(packet.fragments()).hasSize(1);
                }
            }
        }
        return flows;
    }

    /** Copies each segment's payload to its place, from wherever the driver left it. */
    private static byte[] gather(TestMachine m, List<NicViews.Packet> packets, int size) {
        String file = m.emptyBuffer(size);
        FrameLayout layout = new FrameLayout();
        int first = 0;
        for (NicViews.Packet packet : packets) {
            byte[] frame = m.machine.nics().packetBytes("eth0", packet.sequence());
            layout.parse(frame, 0, frame.length);
            int sequence = Tcp.sequence(frame, layout.transportOffset());
            if (first == 0) {
                first = sequence + 1;
            }
            copyPayload(m, packet, layout, file, sequence - first);
        }
        m.settle();
        return m.machine.memory().readBuffer(file, 0, size);
    }

    private static void copyPayload(TestMachine m, NicViews.Packet packet, FrameLayout layout, String file, int at) {
        int headerPart = Math.min(packet.header().length() - layout.payloadOffset(), layout.payloadLength());
        if (headerPart > 0) {
            DmaCommand.Place src = TestMachine.inBuffer(packet.header().buffer(), layout.payloadOffset());
            m.copy(CHANNEL, TestMachine.inBuffer(file, at), src, headerPart);
        }
        int to = at + Math.max(0, headerPart);
        for (NicViews.Fragment fragment : packet.fragments()) {
            DmaCommand.Place src = TestMachine.inPage(fragment.page(), fragment.offset());
            m.copy(CHANNEL, TestMachine.inBuffer(file, to), src, fragment.length());
            to += fragment.length();
        }
    }
}
