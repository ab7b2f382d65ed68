package org.ioatlab.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

/** Four blocks of 4 MiB, of which the first belongs to nobody. */
class ZoneTest {
    private static final int BLOCK = PageFrames.BLOCK_FRAMES;
    private static final int FIRST = BLOCK;
    private static final int END = 4 * BLOCK;

    private final PageFrames frames = new PageFrames(END);
    private final Zone zone = new Zone(ZoneKind.LOW, frames, FIRST, END, 1);
    private final AllocationWork work = new AllocationWork();

    private List<Integer> freeBlocks() {
        List<Integer> blocks = new ArrayList<>();
        for (int order = 0; order < Zone.ORDERS; order++) {
            blocks.add(zone.freeBlocks(order));
        }
        return blocks;
    }

    @Test
    void aNewZoneIsFreeInLargestBlocks() {
        assertThat(zone.pages()).isEqualTo(3 * BLOCK);
        assertThat(zone.freePages()).isEqualTo(3 * BLOCK);
        assertThat(freeBlocks()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3);
    }

    @Test
    void aBlockIsSplitIntoHalvesUntilItFits() {
        assertThat(zone.take(7, work)).isEqualTo(FIRST);
        assertThat(freeBlocks()).containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2);
        assertThat(work.splits).isEqualTo(3);
        assertThat(work.blocks).isEqualTo(1);
        assertThat(zone.freePages()).isEqualTo(3 * BLOCK - 128);
    }

    @Test
    void theSmallestBlockThatFitsIsTakenAndTheUpperHalfStaysFree() {
        int page = zone.take(0, work);
        assertThat(page).isEqualTo(FIRST);
        assertThat(zone.take(0, work)).as("its buddy").isEqualTo(FIRST + 1);
        assertThat(zone.take(1, work)).isEqualTo(FIRST + 2);
        assertThat(zone.take(2, work)).isEqualTo(FIRST + 4);
        assertThat(work.splits).isEqualTo(10);
        assertThat(freeBlocks()).containsExactly(0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2);
    }

    @Test
    void theBlockFreedLastIsHandedOutFirst() {
        int a = zone.take(3, work);
        int keeper = zone.take(3, work);
        int b = zone.take(3, work);
        zone.take(3, work);
        zone.give(a, 3, work);
        zone.give(b, 3, work);
        assertThat(zone.take(3, work)).isEqualTo(b);
        assertThat(zone.take(3, work)).isEqualTo(a);
        assertThat(keeper).isNotEqualTo(a);
    }

    @Test
    void aFreedBlockMergesWithItsBuddiesUpToTheLargestOrder() {
        int page = zone.take(0, work);
        work.clear();
        zone.give(page, 0, work);
        assertThat(work.splits).as("merges").isEqualTo(10);
        assertThat(freeBlocks()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3);
    }

    @Test
    void neighboursThatAreNoBuddiesDoNotMerge() {
        int[] pages = new int[4];
        for (int i = 0; i < 4; i++) {
            pages[i] = zone.take(0, work);
        }
        work.clear();
        zone.give(pages[1], 0, work);
        zone.give(pages[2], 0, work);
        assertThat(work.splits).isZero();
        assertThat(zone.freeBlocks(0)).isEqualTo(2);
    }

    @Test
    void aLargestBlockThatWasFreedGoesBeforeThoseNeverTaken() {
        int first = zone.take(10, work);
        assertThat(first).isEqualTo(FIRST);
        assertThat(zone.take(10, work)).isEqualTo(FIRST + BLOCK);
        zone.give(first, 10, work);
        assertThat(zone.freeBlocks(10)).isEqualTo(2);
        assertThat(zone.take(10, work)).isEqualTo(FIRST);
        assertThat(zone.take(10, work)).isEqualTo(FIRST + 2 * BLOCK);
        assertThat(zone.take(10, work)).isEqualTo(PageFrames.NONE);
        assertThat(zone.freePages()).isZero();
    }

    @Test
    void aZoneDoesNotMergeBeyondItself() {
        PageFrames shared = new PageFrames(2 * BLOCK);
        Zone low = new Zone(ZoneKind.LOW, shared, 0, BLOCK, 1);
        Zone high = new Zone(ZoneKind.HIGH, shared, BLOCK, 2 * BLOCK, 1);
        int page = low.take(10, work);
        low.give(page, 10, work);
        assertThat(low.freeBlocks(10)).isEqualTo(1);
        assertThat(high.freeBlocks(10)).isEqualTo(1);
        assertThat(high.take(0, work)).isEqualTo(BLOCK);
    }

    @Test
    void anExhaustedZoneChangesNothing() {
        for (int i = 0; i < 3; i++) {
            zone.take(10, work);
        }
        String before = hash();
        work.clear();
        for (int order = 0; order < Zone.ORDERS; order++) {
            assertThat(zone.take(order, work)).isEqualTo(PageFrames.NONE);
        }
        assertThat(hash()).isEqualTo(before);
        assertThat(work.blocks + work.splits).isZero();
    }

    private record Block(int first, int order) {}

    @Test
    void blocksNeverOverlapCountsAgreeAndAllMergesInTheEnd() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            PageFrames map = new PageFrames(END);
            Zone tried = new Zone(ZoneKind.LOW, map, FIRST, END, 1);
            List<Block> taken = new ArrayList<>();
            BitSet used = new BitSet(END);
            int largest = 1 + random.nextInt(11);
            for (int step = 0; step < 2000; step++) {
                if (random.nextInt(100) < (step / 300 % 2 == 0 ? 70 : 30)) {
                    take(tried, random.nextInt(largest), taken, used);
                } else if (!taken.isEmpty()) {
                    Block block = taken.remove(random.nextInt(taken.size()));
                    tried.give(block.first(), block.order(), new AllocationWork());
                    used.clear(block.first(), block.first() + (1 << block.order()));
                }
                checkCounts(tried, used);
            }
            for (Block block : taken) {
                assertThat(map.is(block.first(), PageFrames.ALLOCATED)).isTrue();
                tried.give(block.first(), block.order(), new AllocationWork());
            }
            assertThat(tried.freeBlocks(10)).isEqualTo(3);
            assertThat(tried.freePages()).isEqualTo(3 * BLOCK);
        });
    }

    private static void take(Zone zone, int order, List<Block> taken, BitSet used) {
        int page = zone.take(order, new AllocationWork());
        if (page == PageFrames.NONE) {
            for (int larger = order; larger < Zone.ORDERS; larger++) {
                assertThat(zone.freeBlocks(larger)).isZero();
            }
            return;
        }
        assertThat(page).isBetween(FIRST, END - (1 << order));
        assertThat(page & ((1 << order) - 1)).as("alignment").isZero();
        int nextUsed = used.nextSetBit(page);
        assertThat(nextUsed < 0 || nextUsed >= page + (1 << order)).isTrue();
        used.set(page, page + (1 << order));
        taken.add(new Block(page, order));
    }

    private static void checkCounts(Zone zone, BitSet used) {
        int inBlocks = 0;
        for (int order = 0; order < Zone.ORDERS; order++) {
            inBlocks += zone.freeBlocks(order) << order;
        }
        assertThat(zone.freePages()).isEqualTo(inBlocks);
        assertThat(zone.freePages()).isEqualTo(zone.pages() - used.cardinality());
    }

    private String hash() {
        StateHash hash = new StateHash();
        frames.hashInto(hash);
        zone.hashInto(hash);
        return hash.hex();
    }
}
