package org.ioatlab.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.SeededRandom;
import org.junit.jupiter.api.Test;

class SlabCacheTest {
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;

    private final MemoryWorld world = new MemoryWorld(16, 16);
    private final KernelMemory memory = world.memory;
    private final Processor cpu = world.cpu(0);

    private SlabCache cache(int objectBytes) {
        return memory.createCache("tried", objectBytes);
    }

    @Test
    void aNewCacheHasNoSlabs() {
        assertThat(cache(256).state()).isEqualTo(new SlabCacheState("tried", 0, 0, 256, 15, 1, 0, 0));
    }

    @Test
    void slabsAreCutByTheRulesOfLinux() {
        // Object size, objects a slab, pages a slab: management within the slab below 512 bytes, apart from it above.
        int[][] expected = {
            {8, 339, 1},
            {32, 113, 1},
            {64, 59, 1},
            {128, 30, 1},
            {256, 15, 1},
            {512, 8, 1},
            {1024, 4, 1},
            {1600, 5, 2},
            {2048, 2, 1},
            {2304, 3, 2},
            {4096, 1, 1},
            {8192, 1, 2},
            {16_384, 1, 4},
            {131_072, 1, 32},
        };
        for (int[] row : expected) {
            SlabCacheState state = cache(row[0]).state();
            assertThat(new int[] {state.objectBytes(), state.objectsPerSlab(), state.pagesPerSlab()})
                    .isEqualTo(row);
        }
    }

    @Test
    void theFirstObjectGrowsASlabAndPutsItsObjectsIntoTheProcessorsArray() {
        SlabCache cache = cache(256);
        long object = cache.allocate(cpu);
        assertThat(object % 256).isZero();
        // 60 objects would fit, but only an empty array makes a slab grow.
        assertThat(cache.state()).isEqualTo(new SlabCacheState("tried", 1, 15, 256, 15, 1, 1, 1));
        assertThat(world.spent(Symbol.KMEM_CACHE_ALLOC)).isEqualTo(2);
        assertThat(world.spent(Symbol.CACHE_GROW)).isEqualTo(5_000 + 1_000);
        assertThat(world.spent(Symbol.CACHE_ALLOC_REFILL)).isEqualTo(15 * 30);
    }

    @Test
    void anObjectFromTheArrayCostsOnlyTheArray() {
        SlabCache cache = cache(256);
        cache.allocate(cpu);
        world.forgetSpent();
        cache.allocate(cpu);
        assertThat(world.spent(Symbol.KMEM_CACHE_ALLOC)).isEqualTo(2);
        assertThat(world.spent(Symbol.CACHE_GROW) + world.spent(Symbol.CACHE_ALLOC_REFILL))
                .isZero();
    }

    @Test
    void theObjectFreedLastIsHandedOutFirstOnThatProcessor() {
        SlabCache cache = cache(128);
        long a = cache.allocate(cpu);
        long b = cache.allocate(cpu);
        cache.free(a, cpu);
        cache.free(b, world.cpu(1));
        assertThat(cache.allocate(cpu)).isEqualTo(a);
        assertThat(cache.allocate(world.cpu(1))).isEqualTo(b);
    }

    @Test
    void aFullArrayGivesHalfOfItselfBackAndEmptySlabsBeyondTheLimitGoToThePages() {
        SlabCache cache = cache(4096);
        List<Long> objects = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            objects.add(cache.allocate(cpu));
        }
        int freeBefore = world.low().freePages();
        assertThat(cache.state().slabs()).isEqualTo(200);
        objects.forEach(object -> cache.free(object, cpu));
        // The array holds up to 24; of the slabs that it gives back, three batches of 12 and one more stay.
        SlabCacheState state = cache.state();
        assertThat(state.activeObjects()).isZero();
        assertThat(state.slabs() - state.activeSlabs()).isEqualTo(37);
        assertThat(state.activeSlabs()).isBetween(13, 24);
        assertThat(world.low().freePages()).isEqualTo(freeBefore + 200 - state.slabs());
    }

    @Test
    void whatIsNoObjectOfTheCacheIsRefused() {
        SlabCache cache = cache(256);
        SlabCache other = cache(256);
        long object = cache.allocate(cpu);
        long page = (long) world.pages.allocate(ZoneKind.LOW, cpu) << PhysicalMemory.PAGE_SHIFT;
        String before = world.hash();
        for (long wrong : new long[] {object + 8, object / PAGE * PAGE + 15 * 256, page, 0}) {
            assertThatThrownBy(() -> cache.free(wrong, cpu)).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> other.free(object, cpu)).isInstanceOf(IllegalStateException.class);
        assertThat(world.hash()).isEqualTo(before);
        cache.free(object, cpu);
    }

    @Test
    void thePagesOfASlabAreNobodyElsesToFree() {
        long object = cache(256).allocate(cpu);
        assertThatThrownBy(() -> world.pages.free((int) (object / PAGE), cpu)).hasMessageContaining("holds a slab");
    }

    @Test
    void sizesOutsideTheirRangeAreRefused() {
        for (int wrong : new int[] {Integer.MIN_VALUE, 0, 7, 131_073, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> cache(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void kmallocTakesTheSmallestSizeThatFits() {
        assertThat(KernelMemory.allocatedBytes(1)).isEqualTo(32);
        assertThat(KernelMemory.allocatedBytes(32)).isEqualTo(32);
        assertThat(KernelMemory.allocatedBytes(33)).isEqualTo(64);
        assertThat(KernelMemory.allocatedBytes(4096)).isEqualTo(4096);
        assertThat(KernelMemory.allocatedBytes(4097)).isEqualTo(8192);
        assertThat(KernelMemory.allocatedBytes(131_072)).isEqualTo(131_072);
        assertThat(KernelMemory.allocatedBytes(131_073)).isEqualTo(262_144);
        assertThat(KernelMemory.allocatedBytes(4 << 20)).isEqualTo(4 << 20);
        memory.allocate(33, cpu);
        assertThat(memory.slabCaches())
                .filteredOn(state -> state.activeObjects() > 0)
                .extracting(SlabCacheState::name)
                .containsExactly("size-64");
    }

    @Test
    void kmallocHasACacheForEachPowerOfTwo() {
        assertThat(memory.slabCaches())
                .extracting(SlabCacheState::name)
                .containsExactly(
                        "size-32",
                        "size-64",
                        "size-128",
                        "size-256",
                        "size-512",
                        "size-1024",
                        "size-2048",
                        "size-4096",
                        "size-8192",
                        "size-16384",
                        "size-32768",
                        "size-65536",
                        "size-131072");
    }

    @Test
    void beyondSlabsComeConsecutivePagesUpToFourMebibytes() {
        long block = memory.allocate(4 << 20, cpu);
        assertThat(block).isEqualTo(4L << 20);
        assertThat(world.low().freeBlocks().get(10)).isEqualTo(2);
        assertThat(memory.allocate((4 << 20) + 1, cpu)).isEqualTo(SlabCache.NO_OBJECT);
        memory.free(block, cpu);
        assertThat(world.low().freeBlocks().get(10)).isEqualTo(3);
        assertThatThrownBy(() -> memory.free(block, cpu)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void exhaustionIsAnAnswerAndEveryObjectComesBack() {
        for (int size : new int[] {32, 512, 4096, 131_072, 1 << 20}) {
            MemoryWorld own = new MemoryWorld(8, 8);
            List<Long> objects = new ArrayList<>();
            for (long object = own.memory.allocate(size, own.cpu(0));
                    object != SlabCache.NO_OBJECT;
                    object = own.memory.allocate(size, own.cpu(0))) {
                objects.add(object);
            }
            assertThat((long) objects.size() * size).as("of 4 MiB").isBetween(3L << 20, 4L << 20);
            String before = own.hash();
            assertThat(own.memory.allocate(size, own.cpu(0))).isEqualTo(SlabCache.NO_OBJECT);
            assertThat(own.memory.allocate(size, own.cpu(1))).isEqualTo(SlabCache.NO_OBJECT);
            assertThat(own.hash()).isEqualTo(before);
            objects.forEach(object -> own.memory.free(object, own.cpu(0)));
            for (int i = 0; i < objects.size() / 2; i++) {
                assertThat(own.memory.allocate(size, own.cpu(0))).isNotEqualTo(SlabCache.NO_OBJECT);
            }
        }
    }

    private record Item(long address, int size, long seed) {}

    @Test
    void liveObjectsNeverOverlapKeepTheirBytesAndAreCounted() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            MemoryWorld own = new MemoryWorld(16, 16);
            List<Item> live = new ArrayList<>();
            for (int step = 0; step < 2000; step++) {
                Processor on = own.cpu(random.nextInt(2));
                if (random.nextInt(100) < (step / 400 % 2 == 0 ? 70 : 25)) {
                    int size = 1 + random.nextInt(random.nextInt(20) == 0 ? 300_000 : 3_000);
                    long address = own.memory.allocate(size, on);
                    if (address != SlabCache.NO_OBJECT) {
                        Item item = new Item(address, size, random.nextLong());
                        own.memory.bytes().write(address, bytes(item), 0, size);
                        live.add(item);
                    }
                } else if (!live.isEmpty()) {
                    Item item = live.remove(random.nextInt(live.size()));
                    checkBytes(own, item);
                    own.memory.free(item.address(), on);
                }
                if (step % 50 == 0) {
                    checkDisjoint(live);
                    checkCounts(own, live);
                }
            }
            live.forEach(item -> checkBytes(own, item));
        });
    }

    private static byte[] bytes(Item item) {
        byte[] bytes = new byte[item.size()];
        new SeededRandom(item.seed()).fill(bytes, 0, bytes.length);
        return bytes;
    }

    private static void checkBytes(MemoryWorld world, Item item) {
        byte[] found = new byte[item.size()];
        world.memory.bytes().read(item.address(), found, 0, found.length);
        assertThat(found).isEqualTo(bytes(item));
    }

    private static void checkDisjoint(List<Item> live) {
        List<Item> sorted =
                live.stream().sorted(Comparator.comparingLong(Item::address)).toList();
        for (int i = 1; i < sorted.size(); i++) {
            Item before = sorted.get(i - 1);
            assertThat(before.address() + KernelMemory.allocatedBytes(before.size()))
                    .isLessThanOrEqualTo(sorted.get(i).address());
        }
    }

    private static void checkCounts(MemoryWorld world, List<Item> live) {
        for (SlabCacheState state : world.memory.slabCaches()) {
            long held = live.stream()
                    .filter(item -> Objects.equals(state.name(), "size-" + KernelMemory.allocatedBytes(item.size())))
                    .count();
            assertThat(state.activeObjects()).isEqualTo((int) held);
            assertThat(state.objects()).isEqualTo(state.slabs() * state.objectsPerSlab());
            assertThat(state.objects()).isGreaterThanOrEqualTo(state.activeObjects());
            assertThat(state.activeSlabs()).isBetween(0, state.slabs());
            assertThat(state.activeSlabs() * state.objectsPerSlab()).isGreaterThanOrEqualTo(state.activeObjects());
        }
        int slabPages = world.memory.slabCaches().stream()
                .mapToInt(state -> state.slabs() * state.pagesPerSlab())
                .sum();
        int blockPages = live.stream()
                .filter(item -> item.size() > KernelMemory.LARGEST_SLAB_BYTES)
                .mapToInt(item -> KernelMemory.allocatedBytes(item.size()) / PAGE)
                .sum();
        assertThat(world.low().pages() - world.low().freePages()).isEqualTo(slabPages + blockPages);
    }
}
