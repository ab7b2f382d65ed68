package org.ioatlab.machine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** Memory as users of a machine see it: kernel buffers and pages by name, and the allocators' state. */
public final class MemoryFace {
    /** The most pages that one call allocates. */
    public static final int MOST_PAGES = 65_536;

    /** The most buffers and, apart from them, pages that users of one machine may hold. */
    public static final int MOST_OBJECTS = 100_000;

    private static final int BUFFER_PREFIX = "b".length();

    private final KernelMemory memory;
    private final Processors processors;
    private final SeededRandom random;
    private final TreeMap<Integer, UserBuffer> buffers = new TreeMap<>();
    private final TreeMap<Integer, Boolean> pages = new TreeMap<>();
    private int lastBuffer;
    private @Nullable Users users;
    private @Nullable KernelBuffers kernelBuffers;

    /** Who may still touch memory that its owner wants to free. */
    interface Users {
        /** Whether a device has been told of any of these bytes and isn't done. */
        boolean names(long address, int length);
    }

    /** Buffers of the kernel that users may read: those of received packets. */
    interface KernelBuffers {
        /** What their names begin with. */
        String PREFIX = "s";

        /** A buffer's physical address and length. */
        record Located(long address, int length) {}

        /** The buffer of that name, or null. */
        @Nullable
        Located locate(String id);
    }

    /** A buffer that a user asked for. */
    private record UserBuffer(int number, long address, int size) {}

    MemoryFace(KernelMemory memory, Processors processors, long seed) {
        this.memory = memory;
        this.processors = processors;
        random = SeededRandom.forPart(seed, "memory");
    }

    Call<?> apply(MemoryCommand<?> command) {
        return switch (command) {
            case MemoryCommand.AllocateBuffer c -> allocate(c);
            case MemoryCommand.FreeBuffer c -> free(c);
            case MemoryCommand.WriteBuffer c -> Call.of(write(c));
            case MemoryCommand.AllocatePages c -> allocate(c);
            case MemoryCommand.FreePage c -> free(c);
            case MemoryCommand.WritePage c -> Call.of(write(c));
        };
    }

    /** All buffers, oldest first. */
    public List<MemoryViews.Buffer> buffers() {
        return buffers.values().stream().map(this::view).toList();
    }

    /**
     * One buffer.
     *
     * @throws Refusal if there is none of that name
     */
    public MemoryViews.Buffer buffer(String id) {
        return view(find(id));
    }

    /** Bytes of a buffer from {@code offset}; a length of -1 means up to its end. */
    public byte[] readBuffer(String id, int offset, int length) {
        UserBuffer buffer = find(id);
        int wanted = length < 0 ? buffer.size - Math.min(offset, buffer.size) : length;
        requireWithin("buffer " + id, buffer.size, offset, wanted);
        return bytesAt(buffer.address + offset, wanted);
    }

    /** All pages that users hold, by number. */
    public List<MemoryViews.Page> pages() {
        return pages.keySet().stream().map(this::viewPage).toList();
    }

    /** One page, whether a user or the kernel holds it. */
    public MemoryViews.Page page(String id) {
        return viewPage(frameOf(id));
    }

    /** Bytes of a page from {@code offset}; a length of -1 means up to its end. */
    public byte[] readPage(String id, int offset, int length) {
        int frame = frameOf(id);
        int wanted = length < 0 ? PhysicalMemory.PAGE_SIZE - Math.min(offset, PhysicalMemory.PAGE_SIZE) : length;
        requireWithin("page " + id, PhysicalMemory.PAGE_SIZE, offset, wanted);
        return bytesAt(((long) frame << PhysicalMemory.PAGE_SHIFT) + offset, wanted);
    }

    /** The allocators' state. */
    public MemoryViews.State state() {
        return new MemoryViews.State(
                (long) memory.bytes().frames() * PhysicalMemory.PAGE_SIZE,
                backedBytes(),
                memory.pages().pinnedPages(),
                buffers.size(),
                pages.size(),
                memory.pages().zones(),
                memory.slabCaches());
    }

    /** Bytes of the host that the machine's memory takes. */
    public long backedBytes() {
        return (long) memory.bytes().backedFrames() * PhysicalMemory.PAGE_SIZE;
    }

    /** Says who uses memory that must not be freed meanwhile. */
    void guardedBy(Users newUsers) {
        users = newUsers;
    }

    /** Says who finds buffers that users didn't ask for themselves. */
    void extendedBy(KernelBuffers newKernelBuffers) {
        kernelBuffers = newKernelBuffers;
    }

    /**
     * The physical address of a place of {@code length} bytes in a buffer, or in a page taken by its kernel address.
     *
     * @param written whether it is to be written: the kernel's own buffers may only be read
     */
    long bufferAddress(String id, int offset, int length, boolean written) {
        if (id.startsWith("p")) {
            return lowPageAddress(id, offset, length, written);
        }
        if (id.startsWith(KernelBuffers.PREFIX)) {
            return kernelBufferAddress(id, offset, length, written);
        }
        UserBuffer buffer = find(id);
        requireWithin("buffer " + id, buffer.size, offset, length);
        return buffer.address + offset;
    }

    /** The physical address of a place of {@code length} bytes in a page; only users' own pages may be written. */
    long pageAddress(String id, int offset, int length, boolean written) {
        int frame = frameOf(id);
        if (written) {
            requireOwn(frame);
        }
        requireWithin("page " + id, PhysicalMemory.PAGE_SIZE, offset, length);
        return ((long) frame << PhysicalMemory.PAGE_SHIFT) + offset;
    }

    /** The name of the page with that number. */
    static String pageName(int frame) {
        return "p" + frame;
    }

    void hashInto(StateHash hash) {
        memory.hashInto(hash);
        random.hashInto(hash);
        hash.put(lastBuffer);
        hash.put(buffers.size());
        for (UserBuffer buffer : buffers.values()) {
            hash.put(buffer.number);
            hash.put(buffer.address);
            hash.put(buffer.size);
        }
        hash.put(pages.size());
        for (int frame : pages.keySet()) {
            hash.put(frame);
        }
    }

    Refusal outOfMemory(ZoneKind zone) {
        return new Refusal(
                        Refusal.Kind.OUT_OF_MEMORY,
                        "out-of-memory",
                        "The machine's " + zone.kernelName() + " zone has no free memory for this.")
                .with("zones", memory.pages().zones());
    }

    private long lowPageAddress(String id, int offset, int length, boolean written) {
        if (memory.pages().kindOf(frameOf(id)) == ZoneKind.HIGH) {
            throw Refusal.meaningless(
                    "no-kernel-address",
                    "Page " + id + " lies in high memory and has no kernel address: name it as a page.");
        }
        return pageAddress(id, offset, length, written);
    }

    private long kernelBufferAddress(String id, int offset, int length, boolean written) {
        KernelBuffers.Located found = kernelBuffers == null ? null : kernelBuffers.locate(id);
        if (found == null) {
            throw Refusal.unknown("buffer", id);
        }
        if (written) {
            throw Refusal.conflict("buffer-not-yours", "Buffer " + id + " belongs to the kernel.");
        }
        requireWithin("buffer " + id, found.length(), offset, length);
        return found.address() + offset;
    }

    private void requireOwn(int frame) {
        if (!pages.containsKey(frame)) {
            throw Refusal.conflict("page-not-yours", "Page " + pageName(frame) + " belongs to the kernel.");
        }
    }

    KernelMemory kernel() {
        return memory;
    }

    /** Hands a buffer that was allocated to the users, with its first bytes. */
    MemoryViews.Buffer add(long address, int size, Content content) {
        UserBuffer buffer = new UserBuffer(++lastBuffer, address, size);
        buffers.put(buffer.number, buffer);
        fill(address, size, content);
        return view(buffer);
    }

    /** Hands pages that were allocated and filled to the users. */
    MemoryViews.Pages add(List<Integer> frames) {
        for (int frame : frames) {
            pages.put(frame, true);
        }
        return new MemoryViews.Pages(frames.stream().map(this::viewPage).toList());
    }

    /**
     * Takes a buffer back from the users.
     *
     * @return its physical address
     * @throws Refusal if they don't hold it any more, or a device may still touch it
     */
    long takeBuffer(String id) {
        UserBuffer buffer = find(id);
        requireUnused("buffer " + id, buffer.address, buffer.size);
        buffers.remove(buffer.number);
        return buffer.address;
    }

    /**
     * Takes a page back from the users.
     *
     * @return its frame's number
     * @throws Refusal if they don't hold it any more, or a device may still touch it
     */
    int takePage(String id) {
        int frame = frameOf(id);
        requireOwn(frame);
        requireUnused("page " + id, (long) frame << PhysicalMemory.PAGE_SHIFT, PhysicalMemory.PAGE_SIZE);
        pages.remove(frame);
        return frame;
    }

    private Call<MemoryViews.Buffer> allocate(MemoryCommand.AllocateBuffer command) {
        Ranges.require("size", command.size(), 1, KernelMemory.LARGEST_BYTES);
        requireContent(command.content(), command.size());
        requireRoom(buffers.size());
        return new AllocateBufferCall(this, command, processor(command.cpu())).start();
    }

    private Call<Done> free(MemoryCommand.FreeBuffer command) {
        UserBuffer buffer = find(command.buffer());
        requireUnused("buffer " + command.buffer(), buffer.address, buffer.size);
        return new FreeCall(this, command, processor(command.cpu())).start();
    }

    private Call<MemoryViews.Pages> allocate(MemoryCommand.AllocatePages command) {
        Ranges.require("count", command.count(), 1, MOST_PAGES);
        requireContent(command.content(), PhysicalMemory.PAGE_SIZE);
        requireRoom(pages.size() + command.count() - 1);
        if (!memory.pages().has(command.zone())) {
            throw Refusal.meaningless(
                    "no-such-zone", "This machine has no high memory; its spec's lowMib equals totalMib.");
        }
        return new AllocatePagesCall(this, command, processor(command.cpu())).start();
    }

    private Call<Done> free(MemoryCommand.FreePage command) {
        int frame = frameOf(command.page());
        requireOwn(frame);
        requireUnused("page " + command.page(), (long) frame << PhysicalMemory.PAGE_SHIFT, PhysicalMemory.PAGE_SIZE);
        return new FreeCall(this, command, processor(command.cpu())).start();
    }

    private MemoryViews.Buffer write(MemoryCommand.WriteBuffer command) {
        UserBuffer buffer = find(command.buffer());
        byte[] bytes = command.bytes();
        requireWithin("buffer " + command.buffer(), buffer.size, command.offset(), bytes.length);
        memory.bytes().write(buffer.address + command.offset(), bytes, 0, bytes.length);
        return view(buffer);
    }

    private MemoryViews.Page write(MemoryCommand.WritePage command) {
        int frame = frameOf(command.page());
        requireOwn(frame);
        byte[] bytes = command.bytes();
        requireWithin("page " + command.page(), PhysicalMemory.PAGE_SIZE, command.offset(), bytes.length);
        memory.bytes().write(((long) frame << PhysicalMemory.PAGE_SHIFT) + command.offset(), bytes, 0, bytes.length);
        return viewPage(frame);
    }

    private Processor processor(int cpu) {
        return Machine.processor(processors, cpu);
    }

    private void requireRoom(int held) {
        if (held >= MOST_OBJECTS) {
            throw new Refusal(
                    Refusal.Kind.LIMIT,
                    "too-many-objects",
                    "A machine holds at most " + MOST_OBJECTS + " buffers or pages.");
        }
    }

    private static void requireContent(Content content, int size) {
        byte[] bytes = content.bytes();
        if (bytes != null && bytes.length > size) {
            throw Refusal.meaningless(
                    "content-too-long", bytes.length + " bytes of content don't fit into " + size + ".");
        }
    }

    private static void requireWithin(String what, int size, int offset, int length) {
        if (offset < 0 || length < 0 || (long) offset + length > size) {
            throw Refusal.meaningless(
                    "out-of-bounds",
                    "Bytes " + offset + " to " + ((long) offset + length) + " lie outside of " + what + ", which has "
                            + size + " bytes.");
        }
    }

    private void requireUnused(String what, long address, int size) {
        boolean inUse = users != null && users.names(address, size);
        int last = (int) ((address + size - 1) >> PhysicalMemory.PAGE_SHIFT);
        for (int frame = (int) (address >> PhysicalMemory.PAGE_SHIFT); frame <= last; frame++) {
            inUse |= memory.pages().pins(frame) > 0;
        }
        if (inUse) {
            throw Refusal.conflict("in-use", "A device may still read or write " + what + ".")
                    .with("state", "IN_USE");
        }
    }

    private UserBuffer find(String id) {
        UserBuffer buffer = id.startsWith("b") ? buffers.get(number(id, BUFFER_PREFIX)) : null;
        if (buffer == null || !id.equals("b" + buffer.number)) {
            throw Refusal.unknown("buffer", id);
        }
        return buffer;
    }

    private int frameOf(String id) {
        int frame = id.startsWith("p") ? number(id, 1) : -1;
        boolean exists =
                frame >= 0 && frame < memory.bytes().frames() && pageName(frame).equals(id);
        if (!exists || !memory.pages().isAllocated(frame)) {
            throw Refusal.unknown("page", id);
        }
        return frame;
    }

    private static int number(String id, int from) {
        try {
            return Integer.parseInt(id, from, id.length(), 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    void fill(long address, int size, Content content) {
        byte[] bytes = content.bytes();
        if (bytes == null) {
            bytes = pattern(content.fill(), size);
        }
        memory.bytes().fill(address, size, (byte) 0);
        memory.bytes().write(address, bytes, 0, bytes.length);
    }

    /** Content of {@code size} bytes. */
    byte[] bytes(Content content, int size) {
        byte[] bytes = content.bytes();
        return Arrays.copyOf(bytes == null ? pattern(content.fill(), size) : bytes, size);
    }

    private byte[] pattern(Content.@Nullable Fill fill, int size) {
        byte[] bytes = new byte[fill == null || fill == Content.Fill.ZERO ? 0 : size];
        if (fill == Content.Fill.RANDOM) {
            random.fill(bytes, 0, size);
        } else {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) i;
            }
        }
        return bytes;
    }

    private byte[] bytesAt(long address, int length) {
        byte[] bytes = new byte[length];
        memory.bytes().read(address, bytes, 0, length);
        return bytes;
    }

    private MemoryViews.Buffer view(UserBuffer buffer) {
        return new MemoryViews.Buffer(
                "b" + buffer.number,
                "0x%08x".formatted(KernelMemory.PAGE_OFFSET + buffer.address),
                buffer.size,
                KernelMemory.allocatedBytes(buffer.size),
                sha256(bytesAt(buffer.address, buffer.size)));
    }

    private MemoryViews.Page viewPage(int frame) {
        PageAllocator allocator = memory.pages();
        ZoneKind zone = allocator.kindOf(frame);
        long address = (long) frame << PhysicalMemory.PAGE_SHIFT;
        return new MemoryViews.Page(
                pageName(frame),
                frame,
                zone == ZoneKind.HIGH ? null : "0x%08x".formatted(KernelMemory.PAGE_OFFSET + address),
                zone.name(),
                allocator.pins(frame),
                allocator.isDirty(frame),
                sha256(bytesAt(address, PhysicalMemory.PAGE_SIZE)));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
