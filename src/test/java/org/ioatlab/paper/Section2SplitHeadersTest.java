package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.ioatlab.paper.Sender.MSS;
import static org.ioatlab.paper.Server.MS;

import java.util.List;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.NicViews;
import org.ioatlab.machine.Presets;
import org.ioatlab.observe.Symbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 2 of the OLS 2005 paper, "Split Headers": its three advantages. */
class Section2SplitHeadersTest {
    /** Ethernet, IP and TCP without options. */
    private static final int HEADERS = 54;

    private static final int CACHE_LINE = 64;

    private static final Symbol[] ALLOCATION = {
        Symbol.ALLOC_SKB,
        Symbol.KFREE_SKB,
        Symbol.KMALLOC,
        Symbol.KFREE,
        Symbol.KMEM_CACHE_ALLOC,
        Symbol.KMEM_CACHE_FREE,
        Symbol.CACHE_ALLOC_REFILL,
        Symbol.CACHE_GROW,
        Symbol.FREE_BLOCK,
        Symbol.ALLOC_PAGES,
        Symbol.BUFFERED_RMQUEUE,
        Symbol.RMQUEUE_BULK,
        Symbol.FREE_HOT_COLD_PAGE,
        Symbol.FREE_PAGES_BULK
    };

    private static Setup receiving(boolean split, int mtu) {
        Setup setup = Setup.of(split ? Presets.SPLIT_HEADERS : Presets.LEGACY).sockets(2);
        setup.mtu = mtu;
        return setup;
    }

    private static Benchmark.Result result(boolean split, int mtu) {
        return new Benchmark(receiving(split, mtu)).run();
    }

    private static NicViews.Packet onePacket(boolean split) {
        Server server = receiving(split, 1500).server();
        Sender sender = Sender.connected(server);
        server.lab.run(new NicCommand.SetTap("eth0", 1));
        sender.sends(MSS);
        server.lab.advance(MS);
        return server.machine.nics().packets("eth0", 0, 1, null).getFirst();
    }

    /** "the controller can partition the packet between the headers and the data, and copy these into two separate buffers" */
    @Test
    void headersAndDataGoToTwoBuffers() {
        NicViews.Packet packet = onePacket(true);
        assertThat(packet.header().length()).isEqualTo(HEADERS);
        assertThat(packet.fragments()).singleElement().matches(data -> data.offset() == 0 && data.length() == MSS);
        NicViews.Packet whole = onePacket(false);
        assertThat(whole.header().length()).isEqualTo(HEADERS + MSS);
        assertThat(whole.fragments()).isEmpty();
    }

    /** "it allows both the header and the data to be optimally aligned": the IP header to a word, the data to its page. */
    @Test
    void bothAreAligned() {
        NicViews.Packet packet = onePacket(true);
        int ipHeader = 14;
        assertThat((addressOf(packet) + ipHeader) % 4).isZero();
        assertThat(packet.fragments().getFirst().offset()).isZero();
        NicViews.Packet whole = onePacket(false);
        assertThat((addressOf(whole) + ipHeader) % 4).isZero();
        assertThat((addressOf(whole) + HEADERS) % CACHE_LINE).isNotZero();
    }

    private static long addressOf(NicViews.Packet packet) {
        return Long.parseLong(packet.header().address().substring(2), 16)
                + packet.header().offset();
    }

    /** Aligned data is copied with fewer cycles. */
    @Test
    void alignedDataIsCopiedFaster() {
        double whole = result(false, 1500).cycles(Symbol.COPY_USER_INTEL);
        double split = result(true, 1500).cycles(Symbol.COPY_USER_INTEL);
        assertThat(split).isLessThan(whole * 0.95);
    }

    /** "a small slab-allocated header buffer plus a larger, page-allocated data buffer": of 255 descriptors at work. */
    @ParameterizedTest
    @CsvSource({"false,1500,size-2048", "false,9000,size-32768", "true,1500,size-512", "true,9000,size-512"})
    void buffersOfTheRing(boolean split, int mtu, String slabCache) {
        Setup setup = receiving(split, mtu);
        Server server = setup.server();
        List<String> sizes = List.of("size-512", "size-2048", "size-32768");
        for (String size : sizes) {
            assertThat(server.objects(size)).as(size).isEqualTo(size.equals(slabCache) ? 255 : 0);
        }
    }

    /**
     * "Surprisingly, making these two allocations is faster than one large slab allocation, due to how the buddy allocator works": once more
     * buffers are held than the slab keeps by itself, each costs a block of eight pages. A read of a megabyte by the engine holds 115 packets.
     */
    @Test
    void twoSmallAllocationsBeatOneLargeWhereManyAreHeld() {
        double whole = largeReadsByEngine(false).cycles(ALLOCATION);
        double split = largeReadsByEngine(true).cycles(ALLOCATION);
        assertThat(split).isLessThan(whole * 0.95);
    }

    private static Benchmark.Result largeReadsByEngine(boolean split) {
        Setup setup = Setup.of(Presets.DMA_COPY).sockets(2);
        setup.splitHeaders = split;
        setup.mtu = 9000;
        Benchmark benchmark = new Benchmark(setup).reads(1 << 20, "MSG_WAITALL");
        benchmark.cpu = 1;
        return benchmark.run();
    }

    /** Where few are held, processors' arrays recycle large buffers without the buddy allocator, and three pages cost more. */
    @ParameterizedTest
    @CsvSource({"1500", "9000"})
    void oneLargeAllocationBeatsSeveralSmallWhereFewAreHeld(int mtu) {
        double whole = result(false, mtu).cycles(ALLOCATION);
        double split = result(true, mtu).cycles(ALLOCATION);
        assertThat(split).isGreaterThan(whole * 1.1);
    }

    /**
     * "not polluting the CPU's cache with any application data during network processing": reading a header brings a line of data along, unless
     * that lies elsewhere. So no line of split data is cached before its copy, and of other data there is one a packet.
     */
    @Test
    void noDataIsInTheCacheBeforeItsCopy() {
        double linesOfData = 1448 / 64.0;
        double split = result(true, 1500).missed("payload");
        double whole = result(false, 1500).missed("payload");
        assertThat(split).isBetween(linesOfData, linesOfData + 1);
        assertThat(split - whole).isCloseTo(1, within(0.02));
    }
}
