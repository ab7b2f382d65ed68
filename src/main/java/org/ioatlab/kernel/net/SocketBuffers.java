package org.ioatlab.kernel.net;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.mm.SlabCache;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * Allocates and frees socket buffers: the structure from {@code skbuff_head_cache}, the data from {@code kmalloc}, with the sizes and
 * the accounting of Linux 2.6.12 for i386. Views of freed buffers are used again, so that a packet costs the host no allocation.
 */
public final class SocketBuffers {
    /** Room that {@code dev_alloc_skb} leaves before the data. */
    public static final int HEADROOM = 16;

    /** What shifts the IP header onto a 16-byte boundary. */
    public static final int IP_ALIGN = 2;

    /** The reference count, the number of fragments and what else stands before the fragments. */
    private static final int SHARED_INFO_HEAD = 16;

    private final KernelMemory memory;
    private final SlabCache structs;
    private final int structBytes;
    private final int sharedInfoBytes;
    private final int lineBytes;
    private final long setUpCycles;
    private final CostList releaseCosts;
    private final long cloneCycles;
    private @Nullable SocketBuffer unused;

    /** One for the machine; creates the slab cache. */
    public SocketBuffers(KernelMemory memory, Platform platform) {
        this.memory = memory;
        structBytes = (int) platform.get(Parameter.SOCKET_BUFFER_BYTES);
        sharedInfoBytes = (int) platform.get(Parameter.SHARED_INFO_BYTES);
        lineBytes = (int) platform.get(Parameter.CACHE_LINE_BYTES);
        setUpCycles = platform.get(Parameter.SOCKET_BUFFER_SET_UP_CYCLES);
        cloneCycles = platform.get(Parameter.SKB_CLONE_CYCLES);
        releaseCosts = platform.functions()
                .add(Symbol.KFREE_SKB, Parameter.SOCKET_BUFFER_RELEASE_CYCLES)
                .add(Symbol.SKB_RELEASE_DATA, Parameter.SKB_RELEASE_DATA_CYCLES)
                .add(Symbol.KFREE_SKBMEM, Parameter.KFREE_SKBMEM_CYCLES)
                .list();
        structs = memory.createCache("skbuff_head_cache", align(structBytes));
    }

    /** The memory that buffers lie in. */
    public KernelMemory memory() {
        return memory;
    }

    /** What {@code kmalloc} is asked for when a buffer takes {@code size} bytes of data. */
    public int allocationBytes(int size) {
        return align(size) + sharedInfoBytes;
    }

    /** What a buffer for {@code size} bytes of data is charged with: neither the shared information nor the slab's slack. */
    public int truesize(int size) {
        return align(size) + structBytes;
    }

    /** The structure's memory, cleared, or {@link SlabCache#NO_OBJECT}. */
    long allocateStruct(Processor on) {
        on.spend(Symbol.ALLOC_SKB, setUpCycles);
        long struct = structs.allocate(on);
        if (struct != SlabCache.NO_OBJECT) {
            on.write(Symbol.ALLOC_SKB, MemoryUse.SOCKET_BUFFER, struct, structBytes);
        }
        return struct;
    }

    /** The data's memory, the shared information behind it set up, or {@link SlabCache#NO_OBJECT}. */
    long allocateData(int size, Processor on) {
        int aligned = align(size);
        long data = memory.allocate(aligned + sharedInfoBytes, on);
        if (data != SlabCache.NO_OBJECT) {
            on.write(Symbol.ALLOC_SKB, MemoryUse.SOCKET_BUFFER, data + aligned, SHARED_INFO_HEAD);
        }
        return data;
    }

    void freeStruct(long address, Processor on) {
        structs.free(address, on);
    }

    void freeData(long address, Processor on) {
        memory.free(address, on);
    }

    /** Makes a buffer of memory that {@link #allocateStruct} and {@link #allocateData} gave; data begins behind the headroom. */
    SocketBuffer assemble(long structAddress, long dataAddress, int size) {
        SocketBuffer buffer = unused;
        if (buffer == null) {
            buffer = new SocketBuffer();
        } else {
            unused = buffer.next;
        }
        buffer.next = null;
        buffer.structAddress = structAddress;
        buffer.bufferAddress = dataAddress;
        buffer.bufferBytes = size;
        buffer.dataBytes = align(size);
        buffer.truesize = buffer.dataBytes + structBytes;
        buffer.data = HEADROOM + IP_ALIGN;
        buffer.link = buffer.data;
        buffer.linear = 0;
        buffer.fragments = 0;
        buffer.fragmentBytes = 0;
        buffer.checksumStart = 0;
        buffer.checksumOffset = 0;
        buffer.segmentBytes = 0;
        buffer.forgetBytes();
        buffer.network = buffer.data;
        buffer.transport = buffer.data;
        buffer.control = 0;
        buffer.device = 0;
        return buffer;
    }

    /**
     * A new empty packet to be sent ({@code alloc_skb}), or null when memory is exhausted. Its data begins where the buffer does; see {@link
     * SocketBuffer#reserve}.
     *
     * @param size bytes of the linear part, room for headers included
     */
    public @Nullable SocketBuffer allocateForTransmit(int size, Processor on) {
        SocketBuffer packet = allocate(size, on);
        if (packet != null) {
            packet.data = 0;
            packet.link = 0;
            packet.checksum = SocketBuffer.Checksum.NONE;
        }
        return packet;
    }

    /**
     * Another packet with the same bytes ({@code pskb_copy}): the linear part is copied, the fragments' pages are shared. Null when memory is
     * exhausted.
     */
    public @Nullable SocketBuffer share(SocketBuffer original, Processor on) {
        SocketBuffer packet = allocateForTransmit(original.bufferBytes, on);
        if (packet == null) {
            return null;
        }
        packet.reserve(original.data);
        long target = packet.put(original.linear);
        long source = original.dataAddress();
        on.copy(Symbol.MEMCPY, MemoryUse.PAYLOAD, target, MemoryUse.PAYLOAD, source, original.linear);
        memory.bytes().copy(target, source, original.linear);
        for (int i = 0; i < original.fragments; i++) {
            memory.pages().get(original.pages[i]);
            packet.addFragment(original.pages[i], original.offsets[i], original.lengths[i]);
        }
        packet.network = original.network;
        packet.protocol = original.protocol;
        packet.checksum = original.checksum;
        packet.checksumStart = original.checksumStart;
        packet.checksumOffset = original.checksumOffset;
        packet.segmentBytes = original.segmentBytes;
        return packet;
    }

    /** A new empty buffer for {@code size} bytes, headroom included, or null when memory is exhausted. */
    @Nullable
    SocketBuffer allocate(int size, Processor on) {
        long struct = allocateStruct(on);
        if (struct == SlabCache.NO_OBJECT) {
            return null;
        }
        long data = allocateData(size, on);
        if (data == SlabCache.NO_OBJECT) {
            freeStruct(struct, on);
            return null;
        }
        return assemble(struct, data, size);
    }

    /**
     * A packet of {@code linear} bytes in one piece and {@code paged} more in pages, none of them written yet, with room before them; null when
     * memory is exhausted.
     *
     * @param paged 0 to {@link SocketBuffer#LARGEST_FRAGMENTS} pages
     */
    public @Nullable SocketBuffer allocateWithRoom(int room, int linear, int paged, Processor on) {
        SocketBuffer buffer = allocateForTransmit(room + linear, on);
        if (buffer == null) {
            return null;
        }
        buffer.reserve(room);
        buffer.put(linear);
        buffer.network = room;
        buffer.transport = room;
        buffer.vlanTag = SocketBuffer.NO_TAG;
        for (int left = paged; left > 0; left -= PhysicalMemory.PAGE_SIZE) {
            int page = memory.pages().allocate(ZoneKind.LOW, on);
            if (page == PageAllocator.NO_PAGE) {
                free(buffer, on);
                return null;
            }
            buffer.addFragment(page, 0, Math.min(left, PhysicalMemory.PAGE_SIZE));
        }
        return buffer;
    }

    /** A buffer of its own over the same data ({@code skb_clone}), or null when memory is exhausted. */
    public @Nullable SocketBuffer clone(SocketBuffer buffer, Processor on) {
        on.spend(Symbol.SKB_CLONE, cloneCycles);
        long struct = structs.allocate(on);
        if (struct == SlabCache.NO_OBJECT) {
            return null;
        }
        SocketBuffer clone = assemble(struct, buffer.bufferAddress, buffer.bufferBytes);
        clone.copyFrom(buffer);
        on.read(Symbol.SKB_CLONE, MemoryUse.SOCKET_BUFFER, buffer.structAddress, structBytes);
        on.write(Symbol.SKB_CLONE, MemoryUse.SOCKET_BUFFER, dataReference(buffer), Integer.BYTES);
        long count = dataReference(buffer);
        memory.bytes().writeInt(count, buffer.cloned ? memory.bytes().readInt(count) + 1 : 2);
        buffer.cloned = true;
        clone.cloned = true;
        return clone;
    }

    /** Gives a buffer's structure back, and its uses of pages and its data unless a clone shares them ({@code kfree_skb}). */
    public void free(SocketBuffer buffer, Processor on) {
        on.spend(releaseCosts);
        on.read(Symbol.KFREE_SKB, MemoryUse.SOCKET_BUFFER, buffer.structAddress, structBytes);
        on.write(Symbol.KFREE_SKB, MemoryUse.SOCKET_BUFFER, dataReference(buffer), SHARED_INFO_HEAD);
        if (!buffer.cloned || isLastReference(buffer)) {
            for (int i = 0; i < buffer.fragments; i++) {
                memory.pages().free(buffer.pages[i], on);
            }
            freeData(buffer.bufferAddress, on);
        }
        freeStruct(buffer.structAddress, on);
        buffer.next = unused;
        unused = buffer;
    }

    /** Where the count of buffers that share the data lies: the first word behind the data ({@code dataref}). */
    private long dataReference(SocketBuffer buffer) {
        return buffer.bufferAddress + buffer.dataBytes;
    }

    private boolean isLastReference(SocketBuffer buffer) {
        long count = dataReference(buffer);
        int left = memory.bytes().readInt(count) - 1;
        memory.bytes().writeInt(count, left);
        return left == 0;
    }

    /**
     * Makes sure that the first {@code bytes} lie in the linear part ({@code pskb_may_pull}), copying from pages what doesn't.
     *
     * @return false if the packet is shorter, or the buffer has no room for that much
     */
    public boolean mayPull(SocketBuffer buffer, int bytes) {
        int missing = bytes - buffer.linear;
        if (missing <= 0) {
            return true;
        }
        if (missing > buffer.fragmentBytes || buffer.data + bytes > buffer.dataBytes) {
            return false;
        }
        while (missing > 0) {
            int piece = Math.min(missing, buffer.runAt(buffer.linear));
            long end = buffer.dataAddress() + buffer.linear;
            memory.bytes().copy(end, buffer.addressAt(buffer.linear), piece);
            buffer.moveToLinear(piece);
            missing -= piece;
        }
        return true;
    }

    private int align(int size) {
        return (size + lineBytes - 1) / lineBytes * lineBytes;
    }
}
