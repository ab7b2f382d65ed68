package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.machine.TestMachine.inBuffer;
import static org.ioatlab.machine.TestMachine.inPage;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.ioatlab.kernel.mm.ZoneKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The three copy functions, what they write for the engine, and when it is done (OLS 2005 paper, section 4.2). */
class CopyKindsTest {
    private static final int NS = 1000;

    private final TestMachine m = TestMachine.standard();

    @BeforeEach
    void aClientHasTheFirstChannel() {
        m.client("net", 1);
    }

    @Test
    void fromBufferToBuffer() {
        String source = m.buffer(3000);
        String target = m.emptyBuffer(3000);
        DmaViews.Copy copy = m.copy("dma0chan0", inBuffer(target, 100), inBuffer(source, 7), 2000);
        m.untilDone("dma0chan0", 1);
        assertThat(copy.memcpy()).isEqualTo("BUF_TO_BUF");
        assertThat(m.bytes(target)).isEqualTo(expected(3000, 100, m.bytes(source), 7, 2000));
    }

    @Test
    void fromBufferIntoLowAndHighPages() {
        String source = m.buffer(4096);
        for (ZoneKind zone : ZoneKind.values()) {
            String page = m.page(zone);
            DmaViews.Copy copy = m.copy("dma0chan0", inPage(page, 4000), inBuffer(source, 1), 96);
            m.untilDone("dma0chan0", copy.cookie());
            assertThat(copy.memcpy()).isEqualTo("BUF_TO_PG");
            assertThat(m.pageBytes(page)).isEqualTo(expected(4096, 4000, m.bytes(source), 1, 96));
        }
    }

    @Test
    void fromPageToPage() {
        for (ZoneKind from : ZoneKind.values()) {
            for (ZoneKind to : ZoneKind.values()) {
                String source = m.page(from);
                String target = m.page(to);
                m.run(new MemoryCommand.WritePage(source, 0, new byte[] {1, 2, 3, 4}));
                DmaViews.Copy copy = m.copy("dma0chan0", inPage(target, 4092), inPage(source, 0), 4);
                m.untilDone("dma0chan0", copy.cookie());
                assertThat(copy.memcpy()).isEqualTo("PG_TO_PG");
                assertThat(m.pageBytes(target)).isEqualTo(expected(4096, 4092, new byte[] {1, 2, 3, 4}, 0, 4));
            }
        }
    }

    /** There is no function for it: the buffer is taken by its pages. */
    @Test
    void fromPageToBuffer() {
        String page = m.page(ZoneKind.HIGH);
        m.run(new MemoryCommand.WritePage(page, 0, new byte[] {9, 8, 7}));
        String target = m.emptyBuffer(8192);
        DmaViews.Copy copy = m.copy("dma0chan0", inBuffer(target, 4095), inPage(page, 0), 3);
        m.untilDone("dma0chan0", 1);
        assertThat(copy.memcpy()).isEqualTo("PG_TO_PG");
        assertThat(Arrays.copyOfRange(m.bytes(target), 4094, 4099)).containsExactly(0, 9, 8, 7, 0);
    }

    /** A low page has a kernel address, so it can be named like a buffer. */
    @Test
    void aLowPageByItsKernelAddress() {
        String page = m.page(ZoneKind.LOW);
        String source = m.buffer(64);
        DmaViews.Copy copy = m.copy("dma0chan0", inBuffer(page, 0), inBuffer(source, 0), 64);
        m.untilDone("dma0chan0", 1);
        assertThat(copy.memcpy()).isEqualTo("BUF_TO_BUF");
        assertThat(m.pageBytes(page)).isEqualTo(expected(4096, 0, m.bytes(source), 0, 64));
    }

    @Test
    void aHighPageHasNoKernelAddress() {
        String page = m.page(ZoneKind.HIGH);
        String buffer = m.buffer(64);
        assertThat(m.refused(copies(inBuffer(page, 0), inBuffer(buffer, 0), 64)))
                .isEqualTo("MEANINGLESS no-kernel-address");
        assertThat(m.refused(copies(inBuffer(buffer, 0), inBuffer(page, 0), 64)))
                .isEqualTo("MEANINGLESS no-kernel-address");
    }

    @Test
    void aListGivesEachCopyItsCookieInOrder() {
        String source = m.buffer(12_288);
        String target = m.emptyBuffer(12_288);
        String page = m.page(ZoneKind.HIGH);
        DmaViews.Submitted answer = m.run(new DmaCommand.SubmitCopies(
                "dma0chan0",
                "net",
                List.of(
                        new DmaCommand.Copy(inBuffer(target, 0), inBuffer(source, 0), 5000),
                        new DmaCommand.Copy(inPage(page, 0), inBuffer(source, 5000), 1),
                        new DmaCommand.Copy(inBuffer(target, 5000), inBuffer(source, 5000), 7288)),
                false,
                0));
        m.untilDone("dma0chan0", 3);
        assertThat(answer.channel()).isEqualTo("dma0chan0");
        assertThat(answer.copies())
                .containsExactly(
                        new DmaViews.Copy(1, "BUF_TO_BUF", "DMA_IN_PROGRESS", "ENGINE", 2, 2 * 1100 + 300),
                        new DmaViews.Copy(2, "BUF_TO_PG", "DMA_IN_PROGRESS", "ENGINE", 1, 1100 + 300),
                        new DmaViews.Copy(3, "BUF_TO_BUF", "DMA_IN_PROGRESS", "ENGINE", 2, 2 * 1100 + 300));
        assertThat(m.bytes(target)).isEqualTo(m.bytes(source));
        assertThat(m.channel("dma0chan0").memcpyCount()).isEqualTo(3);
        assertThat(m.channel("dma0chan0").bytesTransferred()).isEqualTo(12_289);
    }

    @Test
    void tenThousandBytesAtACapOf4096AreThreeDescriptorsWithOneCookieAndStatusOnTheLastOnly() {
        String source = m.buffer(10_000);
        String target = m.emptyBuffer(10_000);
        long from = m.addressOf(source);
        long to = m.addressOf(target);
        m.settle();
        long calledPs = m.machine.nowPs();
        int cookie = m.copy("dma0chan0", target, source, 10_000);

        long first = m.physical(m.register("chan0.CHAINADDR") + 24);
        assertThat(descriptor(first, from, to)).isEqualTo("size 4096 ctl 0x0 src +0 dst +0");
        long second = m.physical(first + 24);
        assertThat(descriptor(second, from + 4096, to + 4096)).isEqualTo("size 4096 ctl 0x0 src +0 dst +0");
        long third = m.physical(second + 24);
        assertThat(descriptor(third, from + 8192, to + 8192)).isEqualTo("size 1808 ctl 0x8 src +0 dst +0");
        assertThat(m.physical(third + 24)).as("end of the chain").isZero();
        assertThat(cookie).isEqualTo(1);

        long donePs = m.untilDone("dma0chan0", 1);
        long doorbellPs = cycles(calledPs, 3 * 1100 + 300);
        long fetchNs = 252 + 20;
        assertThat(donePs).isEqualTo(doorbellPs + (fetchNs + 3 * (fetchNs + 20) + 10_000 / 2) * NS);
        assertThat(m.register("chan0.CHANSTS")).isEqualTo(third | 1).isEqualTo(completionWord());
        assertThat(m.register("chan0.CHANCMP") % 64).isZero();
    }

    private String descriptor(long at, long source, long target) {
        long sizeAndControl = m.physical(at);
        return "size %d ctl 0x%x src +%d dst +%d"
                .formatted(
                        sizeAndControl & 0xffff_ffffL,
                        sizeAndControl >>> 32,
                        m.physical(at + 8) - source,
                        m.physical(at + 16) - target);
    }

    private long completionWord() {
        return m.physical(m.register("chan0.CHANCMP"));
    }

    /** Overlapping ranges are allowed: each descriptor's bytes come out as with memmove. */
    @Test
    void withinOneDescriptorOverlappingRangesComeOutAsWithMemmove() {
        for (int shift : new int[] {-3, 3, 64, -2000, 2000}) {
            String buffer = m.buffer(8192);
            byte[] expected = m.bytes(buffer);
            System.arraycopy(expected, 2048, expected, 2048 + shift, 4096);
            DmaViews.Copy copy = m.copy("dma0chan0", inBuffer(buffer, 2048 + shift), inBuffer(buffer, 2048), 4096);
            m.untilDone("dma0chan0", copy.cookie());
            assertThat(m.bytes(buffer)).as("shift " + shift).isEqualTo(expected);
        }
    }

    /**
     * Across descriptors the engine goes upwards: a copy towards lower addresses comes out right, one towards higher addresses reads what
     * the descriptor before it has written.
     */
    @Test
    void acrossDescriptorsAnOverlapUpwardsRepeatsWhatWasWritten() {
        String down = m.buffer(12_288);
        byte[] moved = m.bytes(down);
        System.arraycopy(moved, 4096, moved, 4000, 8192);
        m.copy("dma0chan0", inBuffer(down, 4000), inBuffer(down, 4096), 8192);
        m.untilDone("dma0chan0", 1);
        assertThat(m.bytes(down)).isEqualTo(moved);

        String up = m.buffer(12_288);
        byte[] repeated = m.bytes(up);
        System.arraycopy(repeated, 0, repeated, 100, 4096);
        System.arraycopy(repeated, 4096, repeated, 4196, 4096);
        m.copy("dma0chan0", inBuffer(up, 100), inBuffer(up, 0), 8192);
        m.untilDone("dma0chan0", 2);
        assertThat(m.bytes(up)).isEqualTo(repeated);
    }

    @Test
    void aPlaceMustExistAndHoldTheBytes() {
        String b = m.buffer(1000);
        String p = m.page(ZoneKind.LOW);
        DmaCommand.Place ok = inBuffer(b, 0);
        int max = Integer.MAX_VALUE;
        assertThat(m.refused(copies(ok, ok, 0))).isEqualTo("MEANINGLESS bad-length");
        assertThat(m.refused(copies(ok, ok, -1))).isEqualTo("MEANINGLESS bad-length");
        assertThat(m.refused(copies(ok, ok, Integer.MIN_VALUE))).isEqualTo("MEANINGLESS bad-length");
        for (DmaCommand.Place outside :
                List.of(inBuffer(b, -1), inBuffer(b, 1000), inBuffer(b, max), inPage(p, 4096))) {
            assertThat(m.refused(copies(outside, ok, 1))).isEqualTo("MEANINGLESS out-of-bounds");
            assertThat(m.refused(copies(ok, outside, 1))).isEqualTo("MEANINGLESS out-of-bounds");
        }
        assertThat(m.refused(copies(ok, ok, 1001))).isEqualTo("MEANINGLESS out-of-bounds");
        assertThat(m.refused(copies(ok, ok, max))).isEqualTo("MEANINGLESS out-of-bounds");
        assertThat(m.refused(copies(inBuffer(b, 1), ok, max))).isEqualTo("MEANINGLESS out-of-bounds");
        assertThat(m.refused(copies(inBuffer(b, max), ok, max))).isEqualTo("MEANINGLESS out-of-bounds");
        assertThat(m.refused(copies(inPage(p, 1), ok, 4096))).isEqualTo("MEANINGLESS out-of-bounds");
        assertThat(m.refused(copies(inBuffer("b99", 0), ok, 1))).isEqualTo("UNKNOWN unknown-buffer");
        assertThat(m.refused(copies(inBuffer("b+1", 0), ok, 1))).isEqualTo("UNKNOWN unknown-buffer");
        assertThat(m.refused(copies(inBuffer("", 0), ok, 1))).isEqualTo("UNKNOWN unknown-buffer");
        assertThat(m.refused(copies(inPage("p0", 0), ok, 1))).isEqualTo("UNKNOWN unknown-page");
        assertThat(m.refused(copies(inPage("p99999999999", 0), ok, 1))).isEqualTo("UNKNOWN unknown-page");
        assertThat(m.refused(copies(inPage("p-1", 0), ok, 1))).isEqualTo("UNKNOWN unknown-page");
        DmaCommand.Place both = new DmaCommand.Place(b, p, 0);
        assertThat(m.refused(copies(both, ok, 1))).isEqualTo("MEANINGLESS bad-place");
        assertThat(m.refused(copies(new DmaCommand.Place(null, null, 0), ok, 1)))
                .isEqualTo("MEANINGLESS bad-place");
    }

    @Test
    void thePagesOfTheKernelMayBeReadButNotWritten() {
        String descriptors = MemoryFace.pageName((int) (m.register("chan0.CHAINADDR") >> 12));
        String target = m.emptyBuffer(64);
        m.copy("dma0chan0", inBuffer(target, 0), inPage(descriptors, 0), 64);
        m.untilDone("dma0chan0", 1);
        assertThat(m.refused(copies(inPage(descriptors, 0), inBuffer(target, 0), 64)))
                .isEqualTo("CONFLICT page-not-yours");
        assertThat(m.refused(copies(inBuffer(descriptors, 0), inBuffer(target, 0), 64)))
                .isEqualTo("CONFLICT page-not-yours");
    }

    @Test
    void aCallNamesAChannelOrAClientThatHasOne() {
        String b = m.buffer(64);
        DmaCommand.Copy copy = new DmaCommand.Copy(inBuffer(b, 0), inBuffer(b, 32), 32);
        m.run(new DmaCommand.RegisterClient("idle", 0));
        assertThat(m.refused(submit("dma9chan0", null, copy))).isEqualTo("UNKNOWN unknown-channel");
        assertThat(m.refused(submit("dma0chan0", "nobody", copy))).isEqualTo("UNKNOWN unknown-client");
        assertThat(m.refused(submit(null, "nobody", copy))).isEqualTo("UNKNOWN unknown-client");
        assertThat(m.refused(submit(null, null, copy))).isEqualTo("MEANINGLESS no-channel-named");
        assertThat(m.refused(submit(null, "idle", copy))).isEqualTo("CONFLICT no-channel");
        assertThat(m.refused(submit("dma0chan0", "idle", copy))).isEqualTo("CONFLICT channel-of-another-client");
        assertThat(m.refused(submit("dma0chan1", null, copy))).isEqualTo("CONFLICT channel-not-owned");
        assertThat(m.refused(submit("dma0chan1", "net", copy))).isEqualTo("CONFLICT channel-not-owned");
        assertThat(m.refused(new DmaCommand.SubmitCopies("dma0chan0", null, List.of(), false, 0)))
                .isEqualTo("MALFORMED invalid-value");
        assertThat(m.refused(new DmaCommand.SubmitCopies(
                        "dma0chan0", null, Collections.nCopies(DmaFace.MOST_COPIES + 1, copy), false, 0)))
                .isEqualTo("MALFORMED invalid-value");
        assertThat(m.refused(new DmaCommand.SubmitCopies("dma0chan0", null, List.of(copy), false, 4)))
                .isEqualTo("MEANINGLESS no-such-cpu");
        assertThat(m.run(submit(null, "net", copy)).channel()).isEqualTo("dma0chan0");
    }

    @Test
    void aBadCopyInAListRefusesTheWholeList() {
        String b = m.buffer(64);
        DmaCommand.Copy good = new DmaCommand.Copy(inBuffer(b, 0), inBuffer(b, 32), 32);
        DmaCommand.Copy bad = new DmaCommand.Copy(inBuffer(b, 0), inBuffer(b, 33), 32);
        assertThat(m.refused(new DmaCommand.SubmitCopies("dma0chan0", null, List.of(good, bad), false, 0)))
                .isEqualTo("MEANINGLESS out-of-bounds");
        assertThat(m.channel("dma0chan0").memcpyCount()).isZero();
    }

    private static DmaCommand.SubmitCopies submit(String channel, String client, DmaCommand.Copy copy) {
        return new DmaCommand.SubmitCopies(channel, client, List.of(copy), false, 0);
    }

    private static DmaCommand.SubmitCopies copies(DmaCommand.Place dest, DmaCommand.Place src, int len) {
        return submit("dma0chan0", null, new DmaCommand.Copy(dest, src, len));
    }

    /** The instant {@code cycles} of a 3.4 GHz processor after the first one at or behind {@code ps}. */
    private static long cycles(long ps, long cycles) {
        long start = (ps * 34 + 9999) / 10_000;
        return (start + cycles) * 10_000 / 34;
    }

    private static byte[] expected(int size, int at, byte[] source, int from, int length) {
        byte[] bytes = new byte[size];
        System.arraycopy(source, from, bytes, at, length);
        return bytes;
    }
}
