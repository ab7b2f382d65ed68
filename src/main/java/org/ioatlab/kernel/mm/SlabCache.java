package org.ioatlab.kernel.mm;

import java.util.Arrays;
import java.util.Objects;
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

    private static final long[] NOTHING = {};
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
    private final long reciprocal;
    final ObjectArray[] arrays;
    final SlabList partial = new SlabList();
    final SlabList empty = new SlabList();
    private final SlabList full = new SlabList();
    private final long listCycles;
    private final long objectCycles;
    private final long growCycles;
    private final long pageCycles;
    private int active;

    /** Free objects that are in no processor's array. */
    private int freeInSlabs;

    private @Nullable Slab spare;

    /** One processor's free objects, last freed first handed out. */
    static final class ObjectArray {
        /** Where its entries lie. */
        final long address;

        long[] objects = NOTHING;
        int size;

        ObjectArray(long address) {
            this.address = address;
        }
    }

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
        reciprocal = (1L << Integer.SIZE) / objectBytes + 1;
        arrays = new ObjectArray[cpus];
        for (int cpu = 0; cpu < cpus; cpu++) {
            arrays[cpu] = new ObjectArray(arraysAt + (long) cpu * arrayBytes + ARRAY_HEAD_BYTES);
        }
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
        ObjectArray array = arrays[on.cpu().id()];
        if (array.size == 0) {
            refill(array, on);
        }
        if (array.size == 0) {
            return NO_OBJECT;
        }
        active++;
        touchArray(array, Symbol.KMEM_CACHE_ALLOC, on);
        return array.objects[--array.size];
    }

    /**
     * Gives an object back. As in the kernel, nothing notices one that is given back twice.
     *
     * @throws IllegalStateException if no object of this cache begins there
     */
    public void free(long address, Processor on) {
        on.spend(Symbol.KMEM_CACHE_FREE, listCycles);
        put(pages.slabOf((int) (address >> PhysicalMemory.PAGE_SHIFT)), address, on);
    }

    /** The same for one who has paid for the call and knows which slab it lies in. */
    void put(@Nullable Slab slab, long address, Processor on) {
        indexOf(slab, address);
        ObjectArray array = arrays[on.cpu().id()];
        if (array.size == arrayLimit) {
            flush(array, on);
        }
        makeRoom(array);
        array.objects[array.size++] = address;
        touchArray(array, Symbol.KMEM_CACHE_FREE, on);
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
        for (ObjectArray array : arrays) {
            hash.put(array.size);
            for (int i = 0; i < array.size; i++) {
                hash.put(array.objects[i]);
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
    private static void touchArray(ObjectArray array, Symbol symbol, Processor on) {
        on.write(symbol, MemoryUse.OTHER, array.address + (long) (array.size - 1) * POINTER_BYTES, POINTER_BYTES);
    }

    /** The slab's management with its list of free objects: in front of the objects, or apart from large ones. */
    private void touchManagement(Slab slab, Symbol symbol, Processor on) {
        on.write(symbol, MemoryUse.OTHER, slab.management, SLAB_MANAGEMENT_BYTES);
    }

    /** What a slab's management takes. */
    private int managementBytes() {
        return SLAB_MANAGEMENT_BYTES + objectsPerSlab * INDEX_BYTES;
    }

    /** An array has room for one more object, or is at its limit. */
    private void makeRoom(ObjectArray array) {
        int length = array.objects.length;
        if (array.size == length && length < arrayLimit) {
            array.objects = Arrays.copyOf(array.objects, length == 0 ? batch() : arrayLimit);
        }
    }

    /** Which object of the slab begins there; the product with the reciprocal is exact for the place of an object. */
    private int indexOf(@Nullable Slab slab, long address) {
        if (slab != null && slab.cache == this) {
            int offset = (int) (address - ((long) slab.firstPage << PhysicalMemory.PAGE_SHIFT));
            int index = (int) ((offset * reciprocal) >>> Integer.SIZE);
            if (index * objectBytes == offset && index < objectsPerSlab) {
                return index;
            }
        }
        throw new IllegalStateException("no object of " + name + ": " + address);
    }

    private int batch() {
        return (arrayLimit + 1) / 2;
    }

    /** Fills half the array as far as there are slabs with free objects; a new slab is made only for an array that stays empty otherwise. */
    private void refill(ObjectArray array, Processor on) {
        int wanted = batch();
        while (wanted > 0) {
            Slab slab = slabWithSpace();
            if (slab == null && array.size == 0) {
                slab = grow(on);
            }
            if (slab == null) {
                break;
            }
            touchManagement(slab, Symbol.CACHE_ALLOC_REFILL, on);
            while (wanted > 0 && !slab.isFull()) {
                makeRoom(array);
                array.objects[array.size++] = addressOf(slab, slab.take());
                freeInSlabs--;
                wanted--;
            }
            (slab.isFull() ? full : partial).push(slab);
        }
        on.spend(Symbol.CACHE_ALLOC_REFILL, array.size * objectCycles);
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
    private void flush(ObjectArray array, Processor on) {
        int batch = batch();
        Slab last = null;
        for (int i = 0; i < batch; i++) {
            last = giveBack(array.objects[i], last, on);
        }
        array.size -= batch;
        System.arraycopy(array.objects, batch, array.objects, 0, array.size);
        on.spend(Symbol.FREE_BLOCK, batch * objectCycles);
    }

    /** Gives an object back to its slab and answers that; objects of one slab in a row touch its management once. */
    private Slab giveBack(long address, @Nullable Slab last, Processor on) {
        int page = (int) (address >> PhysicalMemory.PAGE_SHIFT);
        Slab slab = Objects.requireNonNull(pages.slabOf(page));
        int index = indexOf(slab, address);
        pages.readStruct(page, Symbol.FREE_BLOCK, on);
        if (slab != last) {
            touchManagement(slab, Symbol.FREE_BLOCK, on);
        }
        freeInSlabs++;
        SlabList list = slab.isFull() ? full : partial;
        slab.give(index);
        if (slab == partial.head() && !slab.isEmpty()) {
            return slab;
        }
        list.remove(slab);
        if (!slab.isEmpty()) {
            partial.push(slab);
        } else if (freeInSlabs > (1 + arrays.length) * batch() + objectsPerSlab) {
            destroy(slab, on);
        } else {
            empty.push(slab);
        }
        return slab;
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

    long addressOf(Slab slab, int index) {
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
