package org.ioatlab.kernel.dmaengine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.hardware.dma.CopyEngine;
import org.ioatlab.hardware.dma.EngineRegisters;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.SlabCache;
import org.ioatlab.kernel.pci.PciDriver;
import org.ioatlab.kernel.sched.InterruptLine;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;

/**
 * One copy engine under the I/OAT driver: its probe with the self-test (a copy of 2000 bytes that must be done after a millisecond; Linux
 * 2.6.18 ioatdma), its channels and its interrupt.
 */
final class IoatDevice implements PciDriver.Binding, InterruptLine.Action {
    private static final int SELF_TEST_BYTES = 2000;
    private static final long SELF_TEST_PS = Picoseconds.PER_MILLISECOND;

    /** Where the probe stands. */
    private sealed interface Probe {
        /** Nothing done yet. */
        record Start() implements Probe {}

        /** The self-test's copy is being submitted. */
        record Submit(long source, long target, PendingCopy copy) implements Probe {}

        /** The engine has a millisecond. */
        record Check(long source, long target, int cookie) implements Probe {}

        /** Over, well or not. */
        record Over(boolean passed) implements Probe {}
    }

    private final IoatDriver driver;
    private final CopyEngine engine;
    private final List<IoatChannel> channels = new ArrayList<>();
    private Probe probe = new Probe.Start();
    private int device;

    IoatDevice(IoatDriver driver, CopyEngine engine) {
        this.driver = driver;
        this.engine = engine;
    }

    @Override
    public long probe(Processor on) {
        return switch (probe) {
            case Probe.Start _ -> start(on);
            case Probe.Submit step -> submit(step, on);
            case Probe.Check step -> check(step, on);
            case Probe.Over _ -> PROBED;
        };
    }

    @Override
    public boolean isBound() {
        return probe instanceof Probe.Over over && over.passed();
    }

    @Override
    public void remove(Processor on) {
        channels.forEach(IoatChannel::remove);
        driver.subsystem.unregisterDevice(channels, on);
    }

    @Override
    public void handle(Processor on) {
        on.spend(Symbol.IOAT_DO_INTERRUPT, 2 * driver.costs.mmioRead() + driver.costs.mmioWrite());
        long attention = engine.read(EngineRegisters.ATTNSTATUS, 4);
        engine.write(
                EngineRegisters.INTRCTRL,
                1,
                EngineRegisters.INTRCTRL_MASTER_ENABLE,
                on.cpu().cursorPs());
        for (int i = 0; i < channels.size(); i++) {
            if ((attention & (1L << i)) != 0) {
                channels.get(i).interrupted(on);
            }
        }
    }

    private long start(Processor on) {
        on.spend(Symbol.IOAT_PROBE, 2 * driver.costs.mmioRead() + driver.costs.mmioWrite());
        device = driver.takeDeviceNumber();
        InterruptLine vector = driver.processors.requestInterrupt("ioatdma", 0, this);
        engine.onInterrupt(vector);
        engine.write(
                EngineRegisters.INTRCTRL,
                1,
                EngineRegisters.INTRCTRL_MASTER_ENABLE,
                on.cpu().cursorPs());
        int count = (int) engine.read(EngineRegisters.CHANCNT, 1);
        for (int i = 0; i < count; i++) {
            channels.add(new IoatChannel(
                    "dma" + device + "chan" + i,
                    engine,
                    i,
                    driver.memory,
                    driver.processors.count(),
                    driver.personality,
                    driver.firstCookie,
                    driver.costs));
        }
        return beginSelfTest(on);
    }

    private long beginSelfTest(Processor on) {
        IoatChannel channel = channels.getFirst();
        long source = driver.memory.allocate(SELF_TEST_BYTES, on);
        long target = driver.memory.allocate(SELF_TEST_BYTES, on);
        if (source == SlabCache.NO_OBJECT || target == SlabCache.NO_OBJECT || channel.allocateResources(on) < 1) {
            freeBuffers(source, target, on);
            return disable("Self-test setup failed, disabling");
        }
        PhysicalMemory bytes = driver.memory.bytes();
        byte[] pattern = new byte[SELF_TEST_BYTES];
        for (int i = 0; i < SELF_TEST_BYTES; i++) {
            pattern[i] = (byte) i;
        }
        bytes.write(source, pattern, 0, SELF_TEST_BYTES);
        bytes.fill(target, SELF_TEST_BYTES, (byte) 0);
        PendingCopy copy = channel.beginUncounted(MemcpyKind.BUF_TO_BUF, target, source, SELF_TEST_BYTES);
        probe = new Probe.Submit(source, target, copy);
        return 0;
    }

    private long submit(Probe.Submit step, Processor on) {
        IoatChannel channel = channels.getFirst();
        int cookie = channel.addPiece(step.copy(), on);
        if (cookie == 0) {
            return 0;
        }
        channel.issuePending(on);
        probe = new Probe.Check(step.source(), step.target(), cookie);
        return SELF_TEST_PS;
    }

    private long check(Probe.Check step, Processor on) {
        IoatChannel channel = channels.getFirst();
        boolean done = channel.complete(step.cookie(), on) == DmaStatus.DMA_SUCCESS;
        boolean equal = areEqual(step.source(), step.target());
        channel.freeResources(on);
        channel.forgetCookies();
        freeBuffers(step.source(), step.target(), on);
        if (!engine.isPresent()) {
            return disable("Engine was removed");
        }
        if (!done) {
            return disable("Self-test copy timed out, disabling");
        }
        if (!equal) {
            return disable("Self-test copy failed compare, disabling");
        }
        probe = new Probe.Over(true);
        driver.log(prefix() + "Intel(R) I/OAT DMA Engine found, " + channels.size() + " channels");
        driver.subsystem.registerDevice(channels, on);
        return PROBED;
    }

    private long disable(String reason) {
        driver.log(prefix() + reason);
        driver.giveBackDeviceNumber(device);
        engine.onInterrupt(null);
        probe = new Probe.Over(false);
        return PROBED;
    }

    private boolean areEqual(long source, long target) {
        byte[] sent = new byte[SELF_TEST_BYTES];
        byte[] received = new byte[SELF_TEST_BYTES];
        driver.memory.bytes().read(source, sent, 0, SELF_TEST_BYTES);
        driver.memory.bytes().read(target, received, 0, SELF_TEST_BYTES);
        return Arrays.equals(sent, received);
    }

    private void freeBuffers(long source, long target, Processor on) {
        if (source != SlabCache.NO_OBJECT) {
            driver.memory.free(source, on);
        }
        if (target != SlabCache.NO_OBJECT) {
            driver.memory.free(target, on);
        }
    }

    private String prefix() {
        return "ioatdma " + engine.address() + ": ";
    }
}
