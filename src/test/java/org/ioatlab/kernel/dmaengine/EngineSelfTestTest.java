package org.ioatlab.kernel.dmaengine;

import static org.assertj.core.api.Assertions.assertThat;

import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.dma.CopyEngine;
import org.ioatlab.hardware.dma.EngineTiming;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.pci.PciBus;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.pci.PciCore;
import org.ioatlab.kernel.pci.PciDriver;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Observation;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.SeededRandom;
import org.junit.jupiter.api.Test;

/** The self-test at enumeration: 2000 bytes through the first channel, which must be done and right after a millisecond. */
class EngineSelfTestTest {
    private final EventLoop loop = new EventLoop();
    private final Platform platform = Platform.load("xeon-5160");
    private final Observation observation = new Observation(1);
    private final Processors processors =
            new Processors(loop, new CpuTopology(1, 1, 1).assemble(new Frequency(3000), 100, observation), platform);
    private final PageAllocator pages = new PageAllocator(4, 16, 16, 1, platform);
    private final KernelMemory memory = new KernelMemory(new PhysicalMemory(pages.frames()), pages, 1, platform);
    private final PciBus bus = new PciBus();
    private final PciCore core = new PciCore(bus);
    private final DmaSubsystem subsystem = new DmaSubsystem(platform);
    private final IoatDriver driver = new IoatDriver(memory, processors, subsystem, Personality.OLS2005, 0, platform);
    private final CopyEngine engine = new CopyEngine(
            loop,
            "0000:00:08.0",
            0xfe70_0000L,
            new BusMaster(memory.bytes(), loop),
            4,
            4096,
            EngineTiming.of(platform),
            new SeededRandom(1),
            observation.timeline(),
            1000);

    EngineSelfTestTest() {
        core.register(driver);
        bus.add(engine);
    }

    /** A task that steps a scan to its end. */
    private static final class ScanTask extends Task {
        private final PciCore.Scan scan;

        ScanTask(PciCore.Scan scan, Processor processor) {
            super("scan", processor);
            this.scan = scan;
        }

        @Override
        protected Next resume() {
            long sleepPs = scan.step(processor());
            if (sleepPs == PciDriver.Binding.PROBED) {
                return Next.EXIT;
            }
            if (sleepPs == 0) {
                return Next.CONTINUE;
            }
            wakeAt(processor().cpu().cursorPs() + sleepPs);
            return Next.SLEEP;
        }
    }

    private PciCore.Scan scan() {
        PciCore.Scan scan = core.scan();
        new ScanTask(scan, processors.get(0)).wake();
        loop.run(EventLoop.HORIZON_PS, Long.MAX_VALUE, true);
        return scan;
    }

    @Test
    void anEngineThatPassesIsUsed() {
        assertThat(scan().claimed()).containsExactly("0000:00:08.0");
        assertThat(driver.log()).containsExactly("ioatdma 0000:00:08.0: Intel(R) I/OAT DMA Engine found, 4 channels");
        assertThat(core.driverOf(engine)).isEqualTo("ioatdma");
        assertThat(subsystem.channels()).hasSize(4);
        IoatChannel first = (IoatChannel) subsystem.channels().getFirst();
        assertThat(first.lastUsedCookie()).as("the test's cookie was its own").isZero();
        assertThat(first.memcpyCount()).isZero();
        assertThat(loop.nowPs()).as("it gives the engine a millisecond").isBetween(1_000_000_000L, 1_100_000_000L);
    }

    @Test
    void oneThatHaltsIsDisabled() {
        engine.channel(0).inject(FaultType.HALT, 0);
        assertThat(scan().claimed()).isEmpty();
        assertDisabled("Self-test copy timed out, disabling");
    }

    @Test
    void oneThatCopiesWronglyIsDisabled() {
        engine.channel(0).inject(FaultType.SILENT_CORRUPTION, 0);
        assertThat(scan().claimed()).isEmpty();
        assertDisabled("Self-test copy failed compare, disabling");
    }

    @Test
    void oneWhoseFirstChannelIsInUseIsDisabled() {
        engine.read(0x80, 2);
        assertThat(scan().claimed()).isEmpty();
        assertDisabled("Self-test setup failed, disabling");
    }

    @Test
    void oneThatFailedIsTriedAgainByTheNextScan() {
        engine.channel(0).inject(FaultType.HALT, 0);
        scan();
        assertThat(scan().claimed()).containsExactly("0000:00:08.0");
        assertThat(subsystem.channels()).extracting(DmaChannel::name).startsWith("dma0chan0");
    }

    @Test
    void withoutMemoryItIsDisabledToo() {
        while (pages.allocate(ZoneKind.LOW, processors.get(0)) != PageAllocator.NO_PAGE) {}
        assertThat(scan().claimed()).isEmpty();
        assertDisabled("Self-test setup failed, disabling");
    }

    private void assertDisabled(String why) {
        assertThat(driver.log()).containsExactly("ioatdma 0000:00:08.0: " + why);
        assertThat(core.driverOf(engine)).isNull();
        assertThat(subsystem.channels()).isEmpty();
        assertThat(memory.slabCaches())
                .filteredOn(cache ->
                        cache.name().equals("size-2048") || cache.name().equals("size-64"))
                .allSatisfy(cache -> assertThat(cache.activeObjects()).isZero());
    }
}
