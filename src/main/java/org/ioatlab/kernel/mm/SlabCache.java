package org.ioatlab.kernel.mm;

import java.util.Arrays;
import org.ioatlab.hardware.memory.MemorySystem;
import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A cache of objects of one size in low memory (Bonwick's slab allocator as Linux 2.6 has it): each processor keeps an array of free
 * objects, filled from and emptied into slabs half an array at a time. Objects are named by their physical address.
 */
public final class SlabCache {
    /** No memory left. */
    public static final long NO_OBJECT = 0;

    private static final int SMALLEST_BYTES = 8;
    private static final int ARRAY_HEAD_BYTES = 16;
    private static final int POINTER_BYTES = 4;
    private static final int SLAB_MANAGEMENT_BYTES = 28;
    private static final int INDEX_BYTES = 4;
    private static final int OFF_SLAB_BYTES = PhysicalMemory.PAGE_SIZE / 8;
    private static final int USUAL_LARGEST_ORDER = 1;
    private static final int WASTE_DIVISOR = 8;

    private final String name;
    private final int objectBytes;
    private final int order;
    private final int objectsPerSlab;
    private final int arrayLimit;
    private final int arrayBytes;
    private final PageAllocator pages;
    private final long arraysAt;
    private final long[] @Nullable [] arrays;
    private final int[] arraySizes;
    private final SlabList partial = new SlabList();
    private final SlabList empty = new SlabList();
    private final SlabList full = new SlabList();
    private final long listCycles;
    private final long objectCycles;
    private final long growCycles;
    private final long pageCycles;
    private int active;

    /** Free objects that are in no processor's array. */
    private int freeInSlabs;

    private @Nullable Slab spare;

    /**
     * @param name as {@code /proc/slabinfo} prints it
     * @param objectBytes size of an object, alignment included, 8 to 131 072
     * @param arraysAt where the processors' arrays lie, {@link #arrayBytes} each
     */
    public SlabCache(String name, int objectBytes, PageAllocator pages, int cpus, Platform platform, long arraysAt) {
        if (objectBytes < SMALLEST_BYTES || objectBytes > KernelMemory.LARGEST_SLAB_BYTES) {
            throw new IllegalArgumentException(name + ": objects of " + objectBytes + " bytes");
        }
        this.name = name;
        this.objectBytes = objectBytes;
        this.pages = pages;
        order = chooseOrder(objectBytes);
        objectsPerSlab = objectsIn(order, objectBytes);
        arrayLimit = arrayLimit(objectBytes);
        int bytes = ARRAY_HEAD_BYTES + arrayLimit * POINTER_BYTES;
        arrayBytes = (bytes + MemorySystem.LINE_BYTES - 1) / MemorySystem.LINE_BYTES * MemorySystem.LINE_BYTES;
        this.arraysAt = arraysAt;
        arrays = new long[cpus] @Nullable [];
        arraySizes = new int[cpus];
        listCycles = platform.get(Parameter.SLAB_LIST_CYCLES);
        objectCycles = platform.get(Parameter.SLAB_OBJECT_CYCLES);
        growCycles = platform.get(Parameter.SLAB_GROW_CYCLES);
        pageCycles = platform.get(Parameter.SLAB_PAGE_CYCLES);
    }

    /** As {@code /proc/slabinfo} prints it. */
    public String name() {
        return name;
    }

    /** Size of an object. */
    public int objectBytes() {
        return objectBytes;
    }

    /** Allocates one object, or {@link #NO_OBJECT}. */
    public long allocate(Processor on) {
        on.spend(Symbol.KMEM_CACHE_ALLOC, listCycles);
        return take(on);
    }

    /** The same for one who has paid for the call. */
    long take(Processor on) {
        int cpu = on.cpu().id();
        if (arraySizes[cpu] == 0) {
            refill(cpu, on);
        }
        if (arraySizes[cpu] == 0) {
            return NO_OBJECT;
        }
        active++;
        touchArray(Symbol.KMEM_CACHE_ALLOC, on);
        return array(cpu)[--arraySizes[cpu]];
    }

    /**
     * Gives an object back. As in the kernel, nothing notices one that is given back twice.
     *
     * @throws IllegalStateException if no object of this cache begins there
     */
    public void free(long address, Processor on) {
        on.spend(Symbol.KMEM_CACHE_FREE, listCycles);
        put(address, on);
    }

    /** The same for one who has paid for the call. */
    void put(long address, Processor on) {
        int cpu = on.cpu().id();
        requireObject(address);
        if (arraySizes[cpu] == arrayLimit) {
            flush(array(cpu), cpu, on);
        }
        array(cpu)[arraySizes[cpu]++] = address;
        touchArray(Symbol.KMEM_CACHE_FREE, on);
        active--;
    }

    /** The cache's line of {@code /proc/slabinfo}. */
    public SlabCacheState state() {
        int slabs = full.size() + partial.size() + empty.size();
        return new SlabCacheState(
                name,
                active,
                slabs * objectsPerSlab,
                objectBytes,
                objectsPerSlab,
                1 << order,
                slabs - empty.size(),
                slabs);
    }

    /** Feeds arrays and slabs. */
    public void hashInto(StateHash hash) {
        for (int cpu = 0; cpu < arrays.length; cpu++) {
            long[] array = arrays[cpu];
            hash.put(arraySizes[cpu]);
            for (int i = 0; array != null && i < arraySizes[cpu]; i++) {
                hash.put(array[i]);
            }
        }
        full.hashInto(hash);
        partial.hashInto(hash);
        empty.hashInto(hash);
    }

    /** Bytes of a processor's array, in whole lines. */
    int arrayBytes() {
        return arrayBytes;
    }

    /** The array's last entry; its count is part of the functions' cost. */
    private void touchArray(Symbol symbol, Processor on) {
        int cpu = on.cpu().id();
        long entry = ARRAY_HEAD_BYTES + (long) (arraySizes[cpu] - 1) * POINTER_BYTES;
        on.write(symbol, MemoryUse.OTHER, arraysAt + (long) cpu * arrayBytes + entry, POINTER_BYTES);
    }

    /** The slab's management with its list of free objects: in front of the objects, or apart from large ones. */
    private void touchManagement(Slab slab, Symbol symbol, Processor on) {
        on.write(symbol, MemoryUse.OTHER, slab.management, SLAB_MANAGEMENT_BYTES);
    }

    /** What a slab's management takes. */
    private int managementBytes() {
        return SLAB_MANAGEMENT_BYTES + objectsPerSlab * INDEX_BYTES;
    }

    /** The processor's array with room for one more object, or at its limit. */
    private long[] array(int cpu) {
        long[] array = arrays[cpu];
        if (array == null) {
            array = new long[batch()];
            arrays[cpu] = array;
        } else if (arraySizes[cpu] == array.length && array.length < arrayLimit) {
            array = Arrays.copyOf(array, arrayLimit);
            arrays[cpu] = array;
        }
        return array;
    }

    private Slab requireObject(long address) {
        Slab slab = pages.slabOf((int) (address >> PhysicalMemory.PAGE_SHIFT));
        if (slab != null && slab.cache == this) {
            int offset = offset(slab, address);
            if (offset % objectBytes == 0 && offset / objectBytes < objectsPerSlab) {
                return slab;
            }
        }
        throw new IllegalStateException("no object of " + name + ": " + address);
    }

    private static int offset(Slab slab, long address) {
        return (int) (address - ((long) slab.firstPage << PhysicalMemory.PAGE_SHIFT));
    }

    private int batch() {
        return (arrayLimit + 1) / 2;
    }

    /** Fills half the array as far as there are slabs with free objects; a new slab is made only for an array that stays empty otherwise. */
    private void refill(int cpu, Processor on) {
        int wanted = batch();
        while (wanted > 0) {
            Slab slab = slabWithSpace();
            if (slab == null && arraySizes[cpu] == 0) {
                slab = grow(on);
            }
            if (slab == null) {
                break;
            }
            while (wanted > 0 && !slab.isFull()) {
                touchManagement(slab, Symbol.CACHE_ALLOC_REFILL, on);
                array(cpu)[arraySizes[cpu]++] = addressOf(slab, slab.take());
                freeInSlabs--;
                wanted--;
            }
            (slab.isFull() ? full : partial).push(slab);
        }
        on.spend(Symbol.CACHE_ALLOC_REFILL, arraySizes[cpu] * objectCycles);
    }

    /** A slab with a free object, off its list. */
    private @Nullable Slab slabWithSpace() {
        Slab slab = partial.head();
        if (slab != null) {
            partial.remove(slab);
            return slab;
        }
        slab = empty.head();
        if (slab != null) {
            empty.remove(slab);
        }
        return slab;
    }

    private @Nullable Slab grow(Processor on) {
        int page = pages.allocateBlock(order, on);
        if (page == PageAllocator.NO_PAGE) {
            return null;
        }
        on.spend(Symbol.CACHE_GROW, growCycles + (pageCycles << order));
        long first = (long) page << PhysicalMemory.PAGE_SHIFT;
        long management = objectBytes >= OFF_SLAB_BYTES ? pages.slabManagement(page) : first;
        Slab slab = slabAt(page, management);
        on.write(Symbol.CACHE_GROW, MemoryUse.OTHER, management, managementBytes());
        pages.writeStructs(page, 1 << order, Symbol.CACHE_GROW, on);
        for (int i = 0; i < 1 << order; i++) {
            pages.setSlab(page + i, slab);
        }
        freeInSlabs += objectsPerSlab;
        return slab;
    }

    /** A view of a new slab; views of slabs that were given back are used again. */
    private Slab slabAt(int page, long management) {
        Slab slab = spare;
        if (slab == null) {
            return new Slab(this, page, objectsPerSlab, management);
        }
        spare = slab.next;
        slab.place(page, management);
        return slab;
    }

    /** Empties half the array, oldest objects first. */
    private void flush(long[] array, int cpu, Processor on) {
        int batch = batch();
        for (int i = 0; i < batch; i++) {
            giveBack(array[i], on);
        }
        arraySizes[cpu] -= batch;
        System.arraycopy(array, batch, array, 0, arraySizes[cpu]);
        on.spend(Symbol.FREE_BLOCK, batch * objectCycles);
    }

    private void giveBack(long address, Processor on) {
        Slab slab = requireObject(address);
        pages.readStruct((int) (address >> PhysicalMemory.PAGE_SHIFT), Symbol.FREE_BLOCK, on);
        touchManagement(slab, Symbol.FREE_BLOCK, on);
        freeInSlabs++;
        (slab.isFull() ? full : partial).remove(slab);
        slab.give(offset(slab, address) / objectBytes);
        if (!slab.isEmpty()) {
            partial.push(slab);
        } else if (freeInSlabs > (1 + arrays.length) * batch() + objectsPerSlab) {
            destroy(slab, on);
        } else {
            empty.push(slab);
        }
    }

    private void destroy(Slab slab, Processor on) {
        freeInSlabs -= objectsPerSlab;
        on.spend(Symbol.FREE_BLOCK, pageCycles << order);
        pages.writeStructs(slab.firstPage, 1 << order, Symbol.FREE_BLOCK, on);
        for (int i = 0; i < 1 << order; i++) {
            pages.setSlab(slab.firstPage + i, null);
        }
        pages.free(slab.firstPage, on);
        slab.next = spare;
        spare = slab;
    }

    private long addressOf(Slab slab, int index) {
        return ((long) slab.firstPage << PhysicalMemory.PAGE_SHIFT) + (long) index * objectBytes;
    }

    /** The smallest order that wastes at most an eighth of a slab, but no more than two pages unless one object needs them. */
    private static int chooseOrder(int objectBytes) {
        int order = 0;
        while (true) {
            int objects = objectsIn(order, objectBytes);
            int waste = (PhysicalMemory.PAGE_SIZE << order) - bytesOf(objects, objectBytes);
            if (objects > 0
                    && (order >= USUAL_LARGEST_ORDER || waste * WASTE_DIVISOR <= PhysicalMemory.PAGE_SIZE << order)) {
                return order;
            }
            order++;
        }
    }

    private static int objectsIn(int order, int objectBytes) {
        int bytes = PhysicalMemory.PAGE_SIZE << order;
        return objectBytes >= OFF_SLAB_BYTES
                ? bytes / objectBytes
                : (bytes - SLAB_MANAGEMENT_BYTES) / (objectBytes + INDEX_BYTES);
    }

    /** What that many objects take of a slab, management included unless it stands elsewhere. */
    private static int bytesOf(int objects, int objectBytes) {
        return objectBytes >= OFF_SLAB_BYTES
                ? objects * objectBytes
                : objects * (objectBytes + INDEX_BYTES) + SLAB_MANAGEMENT_BYTES;
    }

    private static int arrayLimit(int objectBytes) {
        int[] sizes = {256, 1024, PhysicalMemory.PAGE_SIZE, 131_072};
        int[] limits = {120, 54, 24, 8};
        int at = 0;
        while (at < sizes.length - 1 && objectBytes > sizes[at]) {
            at++;
        }
        return limits[at];
    }
}
