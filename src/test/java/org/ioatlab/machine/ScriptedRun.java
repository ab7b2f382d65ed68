package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.observe.CaptureDirection;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.capture.CaptureFrames;
import org.ioatlab.wire.capture.LinuxTransfer;

/**
 * A fixed sequence that uses every part of a machine, with the digest after each step. Its {@code main} prints them, so that another
 * process's run can be compared.
 */
public final class ScriptedRun {
    private static final byte[] RECEIVER = {0x02, 0, 0, 0, 0, 0x01};

    private final TestMachine m;
    private final List<String> digests = new ArrayList<>();

    private ScriptedRun(boolean observed) throws Exception {
        m = TestMachine.standard();
        if (observed) {
            m.run(new ObservationCommand.SetTimeline(true));
            m.run(new NicCommand.SetCapture("eth0", true, null, null, CaptureDirection.BOTH));
        }
        memory();
        copies();
        frames();
        removal();
    }

    /** The digests of a run, with or without a timeline and a capture. */
    public static List<String> digests(boolean observed) throws Exception {
        return new ScriptedRun(observed).digests;
    }

    public static void main(String[] arguments) throws Exception {
        digests(false).forEach(System.out::println);
    }

    private void note() {
        digests.add(m.machine.digest());
    }

    private void memory() {
        note();
        m.run(new MemoryCommand.AllocateBuffer(20_000, new Content(Content.Fill.RANDOM, null), 1));
        note();
        m.page(ZoneKind.HIGH);
        note();
        m.run(new MemoryCommand.FreeBuffer("b1", 2));
        note();
    }

    private void copies() {
        m.client("net", 3);
        note();
        String source = m.buffer(10_000);
        String target = m.emptyBuffer(10_000);
        m.copy("dma0chan0", target, source, 10_000);
        note();
        m.waitFor("dma0chan0", 1);
        note();
        m.fault("dma0chan1", FaultType.SILENT_CORRUPTION, 1);
        m.copy("dma0chan1", target, source, 9_000);
        m.settle();
        note();
        m.run(new DmaCommand.SelfTest("dma0chan3", 4096, 20, 3000, 2, 0, 0));
        note();
    }

    private void frames() throws Exception {
        m.run(new NicCommand.SetTap("eth0", 100));
        CaptureFrames recorded = LinuxTransfer.frames();
        int count = 300;
        int[] lengths = new int[count];
        int total = 0;
        for (int i = 0; i < count; i++) {
            lengths[i] = recorded.capturedLength(i);
            total += lengths[i];
        }
        byte[] bytes = new byte[total];
        int at = 0;
        for (int i = 0; i < count; i++) {
            System.arraycopy(recorded.bytes(), recorded.offset(i), bytes, at, lengths[i]);
            System.arraycopy(RECEIVER, 0, bytes, at, RECEIVER.length);
            at += lengths[i];
        }
        m.run(new NicCommand.InjectFrames("eth0", bytes, lengths, new long[count], false));
        for (int i = 0; i < 20; i++) {
            m.machine.run(m.machine.nowPs() + 100 * Picoseconds.PER_MICROSECOND, Long.MAX_VALUE, false);
            note();
        }
        m.settle();
        note();
        m.run(new NicCommand.Configure("eth0", false, null, 1, 0, null, null, null));
        note();
        m.run(new NicCommand.ReleasePackets("eth0", null));
        note();
    }

    private void removal() {
        m.run(new PciCommand.AddEngine(2, 0));
        note();
        m.copy("dma0chan0", "b3", "b2", 10_000);
        m.run(new PciCommand.Remove("0000:00:08.0", 0));
        note();
    }
}
