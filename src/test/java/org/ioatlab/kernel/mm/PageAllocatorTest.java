package org.ioatlab.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.SeededRandom;
import org.junit.jupiter.api.Test;

/** 16 MiB, of which 4 belong to the kernel, 8 are free low memory and 4 are high. */
class PageAllocatorTest {
    private static final int MIB = MemoryWorld.MIB;

    private final MemoryWorld world = new MemoryWorld(12, 16);
    private final PageAllocator pages = world.pages;
    private final Processor cpu = world.cpu(0);

    @Test
    void aNewMachineHasAllItsPagesFree() {
        assertThat(pages.frames()).isEqualTo(16 * MIB);
        assertThat(pages.zones())
                .containsExactly(
                        new ZoneState(ZoneKind.LOW, 8 * MIB, 8 * MIB, 0, List.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2)),
                        new ZoneState(ZoneKind.HIGH, 4 * MIB, 4 * MIB, 0, List.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)));
        assertThat(pages.has(ZoneKind.HIGH)).isTrue();
        assertThat(pages.pinnedPages()).isZero();
    }

    @Test
    void aMachineWithoutHighMemoryHasOneZone() {
        PageAllocator small = new MemoryWorld(16, 16).pages;
        assertThat(small.zones()).hasSize(1);
        assertThat(small.has(ZoneKind.HIGH)).isFalse();
        assertThat(small.allocateOnly(ZoneKind.HIGH, cpu)).isEqualTo(PageAllocator.NO_PAGE);
        assertThat(small.kindOf(small.allocate(ZoneKind.HIGH, cpu))).isEqualTo(ZoneKind.LOW);
    }

    @Test
    void theFirstPageFillsTheProcessorsListWithABatch() {
        int page = pages.allocate(ZoneKind.LOW, cpu);
        assertThat(page).isEqualTo(4 * MIB);
        assertThat(pages.kindOf(page)).isEqualTo(ZoneKind.LOW);
        assertThat(world.low().listedPages()).isEqualTo(15);
        assertThat(world.low().freePages()).isEqualTo(8 * MIB - 1);
        assertThat(world.spent(Symbol.BUFFERED_RMQUEUE)).isEqualTo(1);
        // Sixteen blocks of one page; 10 splits for the first, then 1, 2, 1, 3 ... as the halves are used up.
        assertThat(world.spent(Symbol.RMQUEUE_BULK)).isEqualTo(16 * 100 + (10 + 11) * 10_000);
    }

    @Test
    void aPageFromTheListCostsOnlyTheList() {
        pages.allocate(ZoneKind.LOW, cpu);
        world.forgetSpent();
        assertThat(pages.allocate(ZoneKind.LOW, cpu)).isEqualTo(4 * MIB + 1);
        assertThat(world.spent(Symbol.BUFFERED_RMQUEUE)).isEqualTo(1);
        assertThat(world.spent(Symbol.RMQUEUE_BULK)).isZero();
    }

    @Test
    void thePageFreedLastIsHandedOutFirst() {
        int a = pages.allocate(ZoneKind.LOW, cpu);
        int b = pages.allocate(ZoneKind.LOW, cpu);
        pages.free(a, cpu);
        pages.free(b, cpu);
        assertThat(pages.allocate(ZoneKind.LOW, cpu)).isEqualTo(b);
        assertThat(pages.allocate(ZoneKind.LOW, cpu)).isEqualTo(a);
        assertThat(world.spent(Symbol.FREE_HOT_COLD_PAGE)).isEqualTo(2);
    }

    @Test
    void anOverfullListGivesItsOldestBatchBack() {
        List<Integer> held = new ArrayList<>();
        for (int i = 0; i < 112; i++) {
            held.add(pages.allocate(ZoneKind.LOW, cpu));
        }
        assertThat(world.low().listedPages()).isZero();
        for (int i = 0; i < 96; i++) {
            pages.free(held.get(i), cpu);
        }
        assertThat(world.low().listedPages()).isEqualTo(96);
        assertThat(world.spent(Symbol.FREE_PAGES_BULK)).isZero();
        pages.free(held.get(96), cpu);
        assertThat(world.low().listedPages()).isEqualTo(81);
        assertThat(world.spent(Symbol.FREE_PAGES_BULK)).isPositive();
        assertThat(pages.allocate(ZoneKind.LOW, cpu)).isEqualTo(held.get(96));
        assertThat(pages.isAllocated(held.get(0))).isFalse();
    }

    @Test
    void processorsHaveListsOfTheirOwn() {
        int page = pages.allocate(ZoneKind.LOW, cpu);
        pages.free(page, world.cpu(1));
        assertThat(pages.allocate(ZoneKind.LOW, cpu)).isNotEqualTo(page);
        assertThat(pages.allocate(ZoneKind.LOW, world.cpu(1))).isEqualTo(page);
    }

    @Test
    void blocksAreAlignedAndComeFromTheBuddyLists() {
        int block = pages.allocateBlock(3, cpu);
        assertThat(block % 8).isZero();
        assertThat(world.spent(Symbol.ALLOC_PAGES)).isEqualTo(100 + 7 * 10_000);
        assertThat(world.low().freePages()).isEqualTo(8 * MIB - 8);
        pages.free(block, cpu);
        assertThat(world.spent(Symbol.FREE_PAGES_BULK)).isEqualTo(100 + 7 * 10_000);
        assertThat(world.low().freeBlocks()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
    }

    @Test
    void exhaustedHighMemoryFallsBackToLow() {
        for (int i = 0; i < 4 * MIB; i++) {
            assertThat(pages.kindOf(pages.allocate(ZoneKind.HIGH, cpu))).isEqualTo(ZoneKind.HIGH);
        }
        assertThat(pages.allocateOnly(ZoneKind.HIGH, cpu)).isEqualTo(PageAllocator.NO_PAGE);
        assertThat(world.low().freePages()).isEqualTo(8 * MIB);
        assertThat(pages.kindOf(pages.allocate(ZoneKind.HIGH, cpu))).isEqualTo(ZoneKind.LOW);
    }

    @Test
    void exhaustedLowMemoryDoesNotTakeHigh() {
        for (int i = 0; i < 8 * MIB; i++) {
            assertThat(pages.kindOf(pages.allocate(ZoneKind.LOW, cpu))).isEqualTo(ZoneKind.LOW);
        }
        assertThat(pages.allocate(ZoneKind.LOW, cpu)).isEqualTo(PageAllocator.NO_PAGE);
        assertThat(world.high().freePages()).isEqualTo(4 * MIB);
    }

    @Test
    void exhaustionIsAnAnswerAndChangesNothing() {
        int last = PageAllocator.NO_PAGE;
        for (int page = 0; page != PageAllocator.NO_PAGE; page = pages.allocate(ZoneKind.HIGH, cpu)) {
            last = page;
        }
        List<ZoneState> zones = pages.zones();
        assertThat(zones).allMatch(zone -> zone.freePages() == 0);
        String before = world.pagesHash();
        assertThat(pages.allocate(ZoneKind.LOW, cpu)).isEqualTo(PageAllocator.NO_PAGE);
        assertThat(pages.allocate(ZoneKind.HIGH, world.cpu(1))).isEqualTo(PageAllocator.NO_PAGE);
        for (int order = 0; order <= PageAllocator.LARGEST_ORDER; order++) {
            assertThat(pages.allocateBlock(order, cpu)).isEqualTo(PageAllocator.NO_PAGE);
        }
        assertThat(world.pagesHash()).isEqualTo(before);
        assertThat(pages.zones()).isEqualTo(zones);
        pages.free(last, cpu);
        assertThat(pages.allocate(ZoneKind.HIGH, cpu)).isEqualTo(last);
    }

    @Test
    void freeingTwiceIsRefusedWhereverThePageIsNow() {
        int page = pages.allocate(ZoneKind.LOW, cpu);
        int block = pages.allocateBlock(4, cpu);
        pages.free(page, cpu);
        pages.free(block, cpu);
        String before = world.pagesHash();
        for (int wrong : new int[] {page, block, block + 1, 0, 4 * MIB - 1, 4 * MIB + 700, 15 * MIB}) {
            assertThatThrownBy(() -> pages.free(wrong, cpu))
                    .as("page " + wrong)
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(world.pagesHash()).isEqualTo(before);
    }

    @Test
    void aBlockIsFreedByItsFirstPageOnly() {
        int block = pages.allocateBlock(2, cpu);
        assertThat(pages.isAllocated(block)).isTrue();
        assertThat(pages.isAllocated(block + 1)).isFalse();
        assertThatThrownBy(() -> pages.free(block + 1, cpu)).isInstanceOf(IllegalStateException.class);
        pages.free(block, cpu);
    }

    @Test
    void pinsAreCountedAndKeepAPage() {
        int page = pages.allocate(ZoneKind.HIGH, cpu);
        pages.pin(page);
        pages.pin(page);
        assertThat(pages.pins(page)).isEqualTo(2);
        assertThat(pages.pinnedPages()).isEqualTo(1);
        pages.unpin(page, false);
        assertThatThrownBy(() -> pages.free(page, cpu)).hasMessageContaining("pinned");
        assertThat(pages.isDirty(page)).isFalse();
        pages.unpin(page, true);
        assertThat(pages.pinnedPages()).isZero();
        assertThat(pages.isDirty(page)).isTrue();
        assertThatThrownBy(() -> pages.unpin(page, false)).hasMessageContaining("not pinned");
        pages.free(page, cpu);
    }

    @Test
    void anyPageOfABlockCanBePinnedAndKeepsTheBlock() {
        int block = pages.allocateBlock(5, cpu);
        pages.pin(block + 31);
        assertThatThrownBy(() -> pages.pin(block + 32)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pages.free(block, cpu)).hasMessageContaining("pinned");
        pages.unpin(block + 31, true);
        assertThat(pages.isDirty(block + 31)).isTrue();
        assertThat(pages.isDirty(block)).isFalse();
        pages.free(block, cpu);
        assertThat(pages.allocateBlock(5, cpu)).isEqualTo(block);
        assertThat(pages.isDirty(block + 31)).as("a new owner finds it clean").isFalse();
    }

    @Test
    void freePagesCannotBePinned() {
        int page = pages.allocate(ZoneKind.LOW, cpu);
        pages.free(page, cpu);
        for (int wrong : new int[] {page, 0, 4 * MIB + 900, 10 * MIB}) {
            assertThatThrownBy(() -> pages.pin(wrong)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(pages.pinnedPages()).isZero();
    }

    @Test
    void aPageCanBePinnedMoreOftenThanAShortCounts() {
        int page = pages.allocate(ZoneKind.LOW, cpu);
        for (int i = 0; i < 70_000; i++) {
            pages.pin(page);
        }
        assertThat(pages.pins(page)).isEqualTo(70_000);
    }

    @Test
    void aNewOwnerFindsAPageClean() {
        int page = pages.allocate(ZoneKind.LOW, cpu);
        pages.pin(page);
        pages.unpin(page, true);
        pages.free(page, cpu);
        assertThat(pages.allocate(ZoneKind.LOW, cpu)).isEqualTo(page);
        assertThat(pages.isDirty(page)).isFalse();
    }

    @Test
    void sizesThatMakeNoSenseAreRefused() {
        Platform platform = world.platform;
        for (int[] sizes : new int[][] {{0, 12, 16}, {4, 14, 16}, {4, 12, 18}, {4, 16, 12}, {8, 4, 16}, {5, 12, 16}}) {
            assertThatThrownBy(() -> new PageAllocator(sizes[0], sizes[1], sizes[2], 2, platform))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private record Block(int first, int order) {}

    /** What the allocator must agree with: which pages are held, and how many of them in each zone. */
    private static final class Model {
        final MemoryWorld world = new MemoryWorld(12, 16);
        final List<Block> held = new ArrayList<>();
        final BitSet used = new BitSet();

        void add(int page, int order, ZoneKind most) {
            int nextUsed = used.nextSetBit(page);
            assertThat(nextUsed < 0 || nextUsed >= page + (1 << order)).isTrue();
            assertThat(page).isBetween(4 * MIB, (most == ZoneKind.LOW ? 12 : 16) * MIB - (1 << order));
            assertThat(world.pages.kindOf(page)).isEqualTo(page < 12 * MIB ? ZoneKind.LOW : ZoneKind.HIGH);
            used.set(page, page + (1 << order));
            held.add(new Block(page, order));
        }

        void freeOne(int index, Processor on) {
            Block block = held.remove(index);
            world.pages.free(block.first(), on);
            used.clear(block.first(), block.first() + (1 << block.order()));
        }

        void check() {
            check(world.low(), used.get(4 * MIB, 12 * MIB).cardinality());
            check(world.high(), used.get(12 * MIB, 16 * MIB).cardinality());
        }

        private static void check(ZoneState zone, int usedPages) {
            int inBlocks = 0;
            for (int order = 0; order < zone.freeBlocks().size(); order++) {
                inBlocks += zone.freeBlocks().get(order) << order;
            }
            assertThat(zone.freePages()).isEqualTo(zone.pages() - usedPages);
            assertThat(inBlocks + zone.listedPages()).isEqualTo(zone.freePages());
            assertThat(zone.listedPages()).isBetween(0, 2 * 96);
        }
    }

    @Test
    void pagesAreNeverHandedOutTwiceAndEveryOneIsAccountedFor() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            Model model = new Model();
            PageAllocator tried = model.world.pages;
            for (int step = 0; step < 3000; step++) {
                Processor on = model.world.cpu(random.nextInt(2));
                int action = random.nextInt(100) - (step / 500 % 2 == 0 ? 10 : -10);
                if (action < 30) {
                    ZoneKind kind = random.nextInt(2) == 0 ? ZoneKind.LOW : ZoneKind.HIGH;
                    int page = tried.allocate(kind, on);
                    if (page != PageAllocator.NO_PAGE) {
                        model.add(page, 0, kind);
                    }
                } else if (action < 50) {
                    int order = random.nextInt(8);
                    int page = tried.allocateBlock(order, on);
                    if (page != PageAllocator.NO_PAGE) {
                        model.add(page, order, ZoneKind.LOW);
                    }
                } else if (!model.held.isEmpty()) {
                    model.freeOne(random.nextInt(model.held.size()), on);
                }
                model.check();
            }
            while (!model.held.isEmpty()) {
                model.freeOne(random.nextInt(model.held.size()), model.world.cpu(random.nextInt(2)));
            }
            model.check();
            checkMerged(model.world.low());
            checkMerged(model.world.high());
        });
    }

    /** A page on a processor's list keeps at most one block of each order from merging. */
    private static void checkMerged(ZoneState zone) {
        for (int order = 0; order < PageAllocator.LARGEST_ORDER; order++) {
            assertThat(zone.freeBlocks().get(order)).isLessThanOrEqualTo(zone.listedPages());
        }
    }

    @Test
    void aPageIsGivenBackByItsLastUser() {
        int page = pages.allocate(ZoneKind.LOW, cpu);
        int free = world.low().freePages();
        pages.get(page);
        pages.get(page);
        assertThat(pages.users(page)).isEqualTo(3);

        pages.free(page, cpu);
        pages.free(page, cpu);
        assertThat(pages.users(page)).isEqualTo(1);
        assertThat(world.low().freePages()).isEqualTo(free);
        pages.free(page, cpu);
        assertThat(pages.users(page)).isZero();
        assertThat(world.low().freePages()).isEqualTo(free + 1);
        assertThatThrownBy(() -> pages.get(page)).hasMessage("page " + page + " is not allocated");
        assertThat(pages.allocate(ZoneKind.LOW, cpu)).isEqualTo(page);
        assertThat(pages.users(page)).isEqualTo(1);
    }

    @Test
    void aBlockAndAPinnedPageMayLoseAUserButNotTheLast() {
        int block = pages.allocateBlock(3, cpu);
        pages.get(block);
        pages.pin(block + 5);
        pages.free(block, cpu);
        assertThatThrownBy(() -> pages.free(block, cpu)).hasMessage("page " + (block + 5) + " is pinned");
        pages.unpin(block + 5, false);
        pages.free(block, cpu);
        assertThat(pages.isAllocated(block)).isFalse();
    }

    @Test
    void usersArePartOfTheState() {
        int page = pages.allocate(ZoneKind.LOW, cpu);
        String alone = world.pagesHash();
        pages.get(page);
        assertThat(world.pagesHash()).isNotEqualTo(alone);
        pages.free(page, cpu);
        assertThat(world.pagesHash()).isEqualTo(alone);
    }
}
