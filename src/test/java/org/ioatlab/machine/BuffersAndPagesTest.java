package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.machine.TestMachine.inBuffer;
import static org.ioatlab.machine.TestMachine.inPage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.kernel.mm.SlabCacheState;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.mm.ZoneState;
import org.junit.jupiter.api.Test;

/** Buffers and pages that users ask for: what they cost, when there are no more, and when they can't be given back. */
class BuffersAndPagesTest {
    private static final Content ZEROS = new Content(Content.Fill.ZERO, null);
    private static final Content COUNTING = new Content(Content.Fill.INCREMENTING, null);

    private TestMachine m = TestMachine.standard();

    @Test
    void aBufferHoldsWhatWasAskedFor() {
        MemoryViews.Buffer counting = m.run(new MemoryCommand.AllocateBuffer(300, COUNTING, 0));
        assertThat(counting.id()).isEqualTo("b1");
        assertThat(counting.size()).isEqualTo(300);
        assertThat(counting.allocatedBytes()).as("from the slab cache of 512").isEqualTo(512);
        assertThat(counting.address()).startsWith("0xc");
        assertThat(m.bytes("b1")).startsWith(0, 1, 2).endsWith(42, 43).hasSize(300);
        MemoryViews.Buffer given = m.run(new MemoryCommand.AllocateBuffer(4, new Content(null, new byte[] {7, 8}), 0));
        assertThat(m.bytes(given.id())).containsExactly(7, 8, 0, 0);
        MemoryViews.Buffer large = m.run(new MemoryCommand.AllocateBuffer(131_073, ZEROS, 0));
        assertThat(large.allocatedBytes()).as("64 consecutive pages").isEqualTo(262_144);
        assertThat(m.run(new MemoryCommand.AllocateBuffer(4 << 20, ZEROS, 0)).allocatedBytes())
                .isEqualTo(4 << 20);
    }

    /** A page from this processor's list costs 175 cycles; the list is filled 16 at a time from the buddy system. */
    @Test
    void pagesCostWhatTheAllocatorDoes() {
        m = TestMachine.withFreeTicks(Presets.IOAT.spec());
        m.run(new MemoryCommand.AllocatePages(1, ZoneKind.HIGH, ZEROS, 0));
        m.advance(1_000_000_000);
        long before = m.machine.cpus().cpu(0).busyCycles();
        m.run(new MemoryCommand.AllocatePages(5, ZoneKind.HIGH, ZEROS, 0));
        m.advance(1_000_000_000);
        assertThat(m.machine.cpus().cpu(0).busyCycles() - before).isEqualTo(5 * 175);
    }

    @Test
    void whenLowMemoryIsExhaustedTheZonesAreToldAndNothingIsLost() {
        m = TestMachine.withMemory(16, 16);
        List<String> buffers = new ArrayList<>();
        Refusal refusal = null;
        while (refusal == null) {
            Call<MemoryViews.Buffer> call = m.start(new MemoryCommand.AllocateBuffer(1 << 20, ZEROS, 0));
            m.settle();
            try {
                buffers.add(call.result().id());
            } catch (Refusal exhausted) {
                refusal = exhausted;
            }
        }
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.OUT_OF_MEMORY);
        assertThat(refusal.detail()).contains("zone has no free memory");
        assertThat(refusal.facts())
                .containsEntry("zones", m.machine.memory().state().zones());
        assertThat(buffers).hasSizeBetween(8, 12);
        for (String buffer : buffers) {
            m.run(new MemoryCommand.FreeBuffer(buffer, 0));
        }
        assertThat(m.run(new MemoryCommand.AllocateBuffer(4 << 20, ZEROS, 0)).size())
                .as("all of it can be had again")
                .isEqualTo(4 << 20);
    }

    @Test
    void aRequestForTooManyPagesGivesThoseItGotBack() {
        long before = free(ZoneKind.HIGH);
        assertThat(m.refused(new MemoryCommand.AllocatePages(32 * 256 + 1, ZoneKind.HIGH, ZEROS, 0)))
                .isEqualTo("OUT_OF_MEMORY out-of-memory");
        assertThat(free(ZoneKind.HIGH)).isEqualTo(before);
        assertThat(m.machine.memory().pages()).isEmpty();
        assertThat(m.run(new MemoryCommand.AllocatePages(32 * 256, ZoneKind.HIGH, ZEROS, 0))
                        .pages())
                .hasSize(8192);
    }

    @Test
    void aChannelThatGetsNoMemoryForItsDescriptorsIsNotHandedOut() {
        m = TestMachine.withMemory(16, 16);
        while (true) {
            Call<MemoryViews.Pages> call = m.start(new MemoryCommand.AllocatePages(1, ZoneKind.LOW, ZEROS, 0));
            m.settle();
            try {
                call.result();
            } catch (Refusal exhausted) {
                break;
            }
        }
        Map<String, Integer> slabs = activeObjects();
        assertThat(m.client("net", 2)).isEqualTo(new DmaViews.ChannelRequest(2, List.of(), 2));
        assertThat(activeObjects()).as("nothing leaked").isEqualTo(slabs);
        assertThat(m.register("chan0.CHANCTRL")).as("not in use").isZero();
        for (MemoryViews.Page page : List.copyOf(m.machine.memory().pages()).subList(0, 100)) {
            m.run(new MemoryCommand.FreePage(page.page(), 0));
        }
        assertThat(m.run(new DmaCommand.RequestChannels("net", 2, 0)).channels())
                .hasSize(2);
    }

    @Test
    void memoryThatADescriptorNamesCanOnlyBeGivenBackWhenThatIsDone() {
        m.client("net", 1);
        String source = m.buffer(65_536);
        String target = m.emptyBuffer(65_536);
        String page = m.page(ZoneKind.HIGH);
        m.copy("dma0chan0", target, source, 65_536);
        m.copy("dma0chan0", inPage(page, 0), inBuffer(source, 0), 10);
        assertThat(m.refused(new MemoryCommand.FreeBuffer(source, 0))).isEqualTo("CONFLICT in-use");
        assertThat(m.refused(new MemoryCommand.FreeBuffer(target, 0))).isEqualTo("CONFLICT in-use");
        assertThat(m.refused(new MemoryCommand.FreePage(page, 0))).isEqualTo("CONFLICT in-use");
        m.untilDone("dma0chan0", 1);
        m.run(new MemoryCommand.FreeBuffer(target, 0));
        assertThat(m.refused(new MemoryCommand.FreePage(page, 0))).isEqualTo("CONFLICT in-use");
        m.untilDone("dma0chan0", 2);
        m.run(new MemoryCommand.FreeBuffer(source, 0));
        m.run(new MemoryCommand.FreePage(page, 0));
        assertThat(m.refused(new MemoryCommand.FreePage(page, 0))).isEqualTo("UNKNOWN unknown-page");
        assertThat(m.refused(new MemoryCommand.FreeBuffer(source, 0))).isEqualTo("UNKNOWN unknown-buffer");
    }

    /** A call that is still being written has named its memory already, whether it or the deletion came first. */
    @Test
    void memoryOfACallThatIsUnderWayIsKept() {
        m.client("net", 1);
        String source = m.buffer(65_536);
        String target = m.emptyBuffer(65_536);
        DmaCommand.SubmitCopies copy = new DmaCommand.SubmitCopies(
                "dma0chan0",
                null,
                List.of(new DmaCommand.Copy(inBuffer(target, 0), inBuffer(source, 0), 65_536)),
                false,
                0);
        Call<Done> early = m.start(new MemoryCommand.FreeBuffer(source, 1));
        Call<DmaViews.Submitted> submit = m.start(copy);
        assertThat(m.refused(new MemoryCommand.FreeBuffer(target, 2))).isEqualTo("CONFLICT in-use");
        assertThat(m.whyFailed(early).type()).isEqualTo("in-use");
        assertThat(m.finish(submit).copies()).hasSize(1);
        m.untilDone("dma0chan0", 1);
        m.run(new MemoryCommand.FreeBuffer(source, 0));
    }

    /** A halted channel may be started again by whoever writes its registers; only a reset makes it forget. */
    @Test
    void memoryOfAHaltedChannelIsKeptUntilReset() {
        m.client("net", 1);
        String source = m.buffer(65_536);
        m.copy("dma0chan0", m.emptyBuffer(65_536), source, 65_536);
        m.control("dma0chan0", DmaCommand.Control.ABORT);
        assertThat(m.refused(new MemoryCommand.FreeBuffer(source, 0))).isEqualTo("CONFLICT in-use");
        m.control("dma0chan0", DmaCommand.Control.RESET);
        m.run(new MemoryCommand.FreeBuffer(source, 0));
    }

    @Test
    void whatCantBeIsRefused() {
        String b = m.buffer(100);
        String p = m.page(ZoneKind.LOW);
        for (int size : new int[] {0, -1, (4 << 20) + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(m.refused(new MemoryCommand.AllocateBuffer(size, ZEROS, 0)))
                    .isEqualTo("MALFORMED invalid-value");
        }
        for (int count : new int[] {0, -1, MemoryFace.MOST_PAGES + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(m.refused(new MemoryCommand.AllocatePages(count, ZoneKind.LOW, ZEROS, 0)))
                    .isEqualTo("MALFORMED invalid-value");
        }
        Content three = new Content(null, new byte[3]);
        assertThat(m.refused(new MemoryCommand.AllocateBuffer(2, three, 0))).isEqualTo("MEANINGLESS content-too-long");
        Content long4097 = new Content(null, new byte[4097]);
        assertThat(m.refused(new MemoryCommand.AllocatePages(1, ZoneKind.LOW, long4097, 0)))
                .isEqualTo("MEANINGLESS content-too-long");
        assertThat(m.refused(new MemoryCommand.AllocateBuffer(2, ZEROS, 4))).isEqualTo("MEANINGLESS no-such-cpu");
        for (int offset : new int[] {-1, 99, 101, Integer.MAX_VALUE}) {
            assertThat(m.refused(new MemoryCommand.WriteBuffer(b, offset, new byte[2])))
                    .isEqualTo("MEANINGLESS out-of-bounds");
        }
        assertThat(m.refused(new MemoryCommand.WritePage(p, 4095, new byte[2]))).isEqualTo("MEANINGLESS out-of-bounds");
        assertThat(m.refused(new MemoryCommand.WritePage("p00", 0, new byte[2])))
                .isEqualTo("UNKNOWN unknown-page");
        assertThat(m.refused(new MemoryCommand.WriteBuffer("b2", 0, new byte[2])))
                .isEqualTo("UNKNOWN unknown-buffer");
        assertThat(m.refused(new MemoryCommand.FreeBuffer("b2", 0))).isEqualTo("UNKNOWN unknown-buffer");
        String kernels = kernelPage();
        assertThat(m.refused(new MemoryCommand.FreePage(kernels, 0))).isEqualTo("CONFLICT page-not-yours");
        assertThat(m.refused(new MemoryCommand.WritePage(kernels, 0, new byte[1])))
                .isEqualTo("CONFLICT page-not-yours");
        TestMachine flat = TestMachine.withMemory(128, 128);
        assertThat(flat.refused(new MemoryCommand.AllocatePages(1, ZoneKind.HIGH, ZEROS, 0)))
                .isEqualTo("MEANINGLESS no-such-zone");
    }

    private String kernelPage() {
        m.client("net", 1);
        return MemoryFace.pageName((int) (m.register("chan0.CHAINADDR") >> 12));
    }

    private long free(ZoneKind kind) {
        return m.machine.memory().state().zones().stream()
                .filter(zone -> zone.kind() == kind)
                .mapToLong(ZoneState::freePages)
                .sum();
    }

    private Map<String, Integer> activeObjects() {
        Map<String, Integer> active = new TreeMap<>();
        for (SlabCacheState cache : m.machine.memory().state().slabCaches()) {
            active.put(cache.name(), cache.activeObjects());
        }
        return active;
    }
}
