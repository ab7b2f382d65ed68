package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;

/**
 * What allocating and freeing a packet's memory costs, by MTU and with and without split headers (OLS 2005 paper, section 2: "making these two
 * allocations is faster than one large slab allocation, due to how the buddy allocator works"). It comes out of the allocators; how far that goes is in
 * {@code src/docs/model.md}.
 */
class AllocationCostTest {
    private static final List<String> ALLOCATORS = List.of(
            "__kmalloc",
            "kfree",
            "kmem_cache_alloc",
            "kmem_cache_free",
            "cache_alloc_refill",
            "cache_grow",
            "free_block",
            "buffered_rmqueue",
            "rmqueue_bulk",
            "free_hot_cold_page",
            "free_pages_bulk",
            "__alloc_pages");
    private static final int HELD = 200;

    private static TestMachine machine(int mtu, boolean split) {
        MachineSpec s = Presets.LEGACY.spec();
        return new TestMachine(new MachineSpec(
                s.platform(),
                s.seed(),
                new MachineSpec.Cpus(1, 1, 1, 0),
                new MachineSpec.Memory(128, 128),
                new NicSpec(1, 1000, mtu, 1, 256, split, true, true, 8000),
                s.dma(),
                s.kernel(),
                Map.of()));
    }

    private static long allocatorCycles(TestMachine m) {
        return m.machine.cpus().profile(null).rows().stream()
                .filter(row -> ALLOCATORS.contains(row.symbol()))
                .mapToLong(CpuViews.Row::cycles)
                .sum();
    }

    private static long received(TestMachine m) {
        return Objects.requireNonNull(m.machine.nics().statistics("eth0").get("rx_packets"));
    }

    /** Packets that pile up, more than processors keep free objects for, and are given back together: {@code cycles} for each. */
    private static long piledUp(int mtu, boolean split) {
        TestMachine m = machine(mtu, split);
        m.run(new NicCommand.SetTap("eth0", HELD));
        byte[] frame = FrameBuilder.ethernet()
                .ipv4("192.0.2.1", "10.0.0.1")
                .udp(1000, 9)
                .payload(mtu - 28)
                .build();
        byte[] frames = new byte[HELD * frame.length];
        int[] lengths = new int[HELD];
        Arrays.fill(lengths, frame.length);
        for (int i = 0; i < HELD; i++) {
            System.arraycopy(frame, 0, frames, i * frame.length, frame.length);
        }
        m.run(new ObservationCommand.ResetProfile());
        m.run(new NicCommand.InjectFrames("eth0", frames, lengths, new long[HELD], false));
        m.settle();
        m.run(new NicCommand.ReleasePackets("eth0", null));
        assertThat(received(m)).isGreaterThanOrEqualTo(HELD);
        return allocatorCycles(m) / HELD;
    }

    /** Packets of a stream that is read as it comes. */
    private static long streaming(int mtu, boolean split) {
        TestMachine m = machine(mtu, split);
        m.run(new ProcessCommand.Start(
                null, ProgramType.SINK, 5001, 87_380, List.of(), 8, 8, null, Verification.NONE, null));
        TrafficPlan plan = TrafficPlan.tcpStreams(5001, 1, Long.MAX_VALUE);
        plan.nic = "eth0";
        m.run(plan.command());
        m.advance(Picoseconds.PER_SECOND / 20);
        long before = received(m);
        m.run(new ObservationCommand.ResetProfile());
        m.advance(Picoseconds.PER_SECOND / 10);
        return allocatorCycles(m) / (received(m) - before);
    }

    /** A buffer for 9000 bytes is a slab of one object and eight pages, which is made and given back each time. */
    @Test
    void severalSmallAllocationsBeatOneLargeOneWhenJumboFramesPileUp() {
        assertThat(100 * piledUp(9000, true)).isLessThan(85 * piledUp(9000, false));
    }

    /** Two buffers for 1500 bytes share a page, so there is no large allocation to be saved. */
    @Test
    void atAnMtuOf1500SplitHeadersCostAPageMore() {
        assertThat(piledUp(1500, true)).isGreaterThan(piledUp(1500, false));
        assertThat(streaming(1500, true)).isGreaterThan(streaming(1500, false));
    }

    /** While no more buffers come and go than a processor keeps of the large ones, which are eight, the buddy allocator isn't asked. */
    @Test
    void aStreamThatIsReadAsItComesUsesItsLargeBuffersAgain() {
        assertThat(streaming(9000, false)).isLessThan(streaming(9000, true));
        assertThat(streaming(9000, false)).isLessThan(piledUp(9000, false) / 4);
    }
}
