package org.ioatlab.kernel.dmaengine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.dma.CopyEngine;
import org.ioatlab.hardware.dma.Descriptor;
import org.ioatlab.hardware.dma.EngineChannel;
import org.ioatlab.hardware.dma.EngineRegisters;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.SlabCache;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/**
 * A channel as the I/OAT driver runs it (behaviour after Linux 2.6.18 ioatdma): writes descriptors into memory, links them to the chain,
 * tells the engine by APPEND, and learns of completions from the word that the engine writes. The newest completed descriptor stays at the
 * head of the used list, as the anchor of the next append.
 */
public final class IoatChannel extends DmaChannel implements EngineChannel.CompletionWatcher {
    /** The most descriptors that one channel may hold. */
    public static final int DESCRIPTOR_LIMIT = 65_536;

    /** Descriptors written in one go: together less work than copying one page. */
    static final int DESCRIPTORS_A_SLICE = 8;

    private static final int COMPLETION_BYTES = 64;
    private static final int CONTROL = EngineRegisters.CHANCTRL_IN_USE
            | EngineRegisters.CHANCTRL_ERROR_INTERRUPT
            | EngineRegisters.CHANCTRL_ANY_ERROR_ABORT
            | EngineRegisters.CHANCTRL_ERROR_COMPLETION;

    private final CopyEngine engine;
    private final int number;
    private final KernelMemory memory;
    private final Personality personality;
    private final int firstCookie;
    private final IoatCosts costs;
    private final DescriptorPool pool;
    private final DescriptorQueue used = new DescriptorQueue();
    private final List<Task> waiters = new ArrayList<>(0);

    /** The copy that is submitted in one go, used again and again. */
    private final PendingCopy whole = new PendingCopy();

    private int lastUsed;
    private int lastCompleted;
    private boolean wrapped;
    private int pending;
    private long completionAddress;
    private long lastSeen;

    /** What the last look from outside found: a shortcut for the next, no state of the channel. */
    private long peekedWord;

    private long peekedNumber = -1;
    private int peekedCookie;
    private boolean suspended;
    private boolean halted;
    private boolean gone;
    private int generation;

    IoatChannel(
            String name,
            CopyEngine engine,
            int number,
            KernelMemory memory,
            int cpus,
            Personality personality,
            int firstCookie,
            IoatCosts costs) {
        super(name, cpus);
        this.engine = engine;
        this.number = number;
        this.memory = memory;
        this.personality = personality;
        this.firstCookie = firstCookie;
        this.costs = costs;
        pool = new DescriptorPool(memory);
        forgetCookies();
    }

    /** The hardware channel. */
    public EngineChannel hardware() {
        return engine.channel(number);
    }

    /** The engine that it belongs to. */
    public CopyEngine engine() {
        return engine;
    }

    /** The newest cookie given out. */
    public int lastUsedCookie() {
        return lastUsed;
    }

    /** The newest cookie that the driver knows to be done. */
    public int lastCompletedCookie() {
        return lastCompleted;
    }

    /** Descriptors on the used list, the anchor included. */
    public int usedDescriptors() {
        return used.size();
    }

    /** Descriptors that the engine hasn't been told of. */
    public int pendingDescriptors() {
        return pending;
    }

    /** Descriptors that the channel holds in memory. */
    public int allocatedDescriptors() {
        return pool.size();
    }

    /** Descriptors that wait for a copy. */
    public int freeDescriptors() {
        return pool.available();
    }

    @Override
    public boolean isSuspended() {
        return suspended;
    }

    /** Whether the engine has reported that the channel stopped on an error or was aborted. */
    public boolean isHalted() {
        return halted
                || (completionAddress != 0
                        && (memory.bytes().readLong(completionAddress) & EngineRegisters.STATUS_MASK)
                                == EngineRegisters.STATUS_HALTED);
    }

    /** Whether the engine was pulled out. */
    public boolean isGone() {
        return gone;
    }

    @Override
    public int generation() {
        return generation;
    }

    /** Whether a cookie was ever given out. */
    public boolean isIssued(int cookie) {
        return Cookies.isIssued(cookie, firstCookie, lastUsed, wrapped);
    }

    @Override
    public int allocateResources(Processor on) {
        on.spend(Symbol.IOAT_DMA_ALLOC_CHAN_RESOURCES, costs.mmioRead());
        if ((engine.read(register(EngineRegisters.CHANCTRL), 2) & EngineRegisters.CHANCTRL_IN_USE) != 0) {
            return Errno.EBUSY.returned();
        }
        long completion = memory.allocate(COMPLETION_BYTES, on);
        if (completion == SlabCache.NO_OBJECT || !pool.reserve(personality.initialDescriptors(), on)) {
            giveUp(completion, on);
            return Errno.ENOMEM.returned();
        }
        completionAddress = completion;
        hardware().watch(this);
        writeThrough(EngineRegisters.CHANCTRL, 2, CONTROL, on);
        startEngine(on);
        return pool.size();
    }

    @Override
    public void freeResources(Processor on) {
        if (!gone) {
            writeThrough(EngineRegisters.CHANCMD, 1, EngineRegisters.CHANCMD_RESET, on);
            writeThrough(EngineRegisters.CHANCTRL, 2, 0, on);
        }
        hardware().watch(null);
        dropAll();
        pool.freePages(on);
        memory.free(completionAddress, on);
        completionAddress = 0;
        suspended = false;
        halted = false;
        wakeWaiters(on);
    }

    /**
     * Begins a copy; nothing is visible to the engine before its last {@link #addPiece}.
     *
     * @param kind the function that was called
     * @param target physical address
     * @param source physical address
     * @param length bytes, at least 1
     */
    public PendingCopy begin(MemcpyKind kind, long target, long source, int length, Processor on) {
        count(on, length);
        return beginUncounted(kind, target, source, length);
    }

    @Override
    public int memcpy(MemcpyKind kind, long target, long source, int length, Processor on) {
        if (gone || suspended || isHalted()) {
            return Errno.EIO.returned();
        }
        on.spend(symbolOf(kind), costs.poll());
        count(on, length);
        whole.begin(kind, target, source, length, engine.transferCapBytes());
        int cookie = 0;
        while (cookie == 0) {
            cookie = addPiece(whole, on);
        }
        return cookie;
    }

    private static Symbol symbolOf(MemcpyKind kind) {
        return switch (kind) {
            case BUF_TO_BUF -> Symbol.DMA_MEMCPY_BUF_TO_BUF;
            case BUF_TO_PG -> Symbol.DMA_MEMCPY_BUF_TO_PG;
            case PG_TO_PG -> Symbol.DMA_MEMCPY_PG_TO_PG;
        };
    }

    @Override
    public boolean hasFailed() {
        return gone || isHalted();
    }

    @Override
    public void restart(Processor on) {
        if (!gone && completionAddress != 0) {
            reset(on);
        }
    }

    /** The same without counting it: for the driver's own self-test. */
    PendingCopy beginUncounted(MemcpyKind kind, long target, long source, int length) {
        PendingCopy copy = new PendingCopy();
        copy.begin(kind, target, source, length, engine.transferCapBytes());
        return copy;
    }

    /**
     * Writes the copy's next descriptors, at most {@link #DESCRIPTORS_A_SLICE}; the last one by itself, for with it the chain is linked and
     * the copy gets its cookie.
     *
     * @return 0 while more is to come, then the cookie, or a negative error number
     */
    public int addPiece(PendingCopy copy, Processor on) {
        int error = copy.isReserved() ? checkReserved(copy) : reserve(copy, on);
        if (error < 0) {
            return error;
        }
        int pieces = Math.max(1, Math.min(copy.leftBeforeLast(), DESCRIPTORS_A_SLICE));
        on.spend(Symbol.DO_IOAT_DMA_MEMCPY, pieces * costs.submitDescriptor());
        for (int i = 0; i < pieces; i++) {
            writePiece(copy);
        }
        return copy.isWritten() ? submit(copy, on) : 0;
    }

    @Override
    public void issuePending(Processor on) {
        on.spend(Symbol.DMA_MEMCPY_ISSUE_PENDING, costs.poll());
        if (pending > 0) {
            append(on);
        }
    }

    @Override
    public DmaStatus complete(int cookie, Processor on) {
        on.spend(Symbol.DMA_MEMCPY_COMPLETE, costs.poll());
        DmaStatus status = Cookies.compare(cookie, lastCompleted, lastUsed);
        if (status == DmaStatus.DMA_SUCCESS) {
            return status;
        }
        cleanup(on);
        return orError(Cookies.compare(cookie, lastCompleted, lastUsed));
    }

    /** Where a copy stands by the completion word alone, without cleanup or cost: a look from outside. */
    public DmaStatus peek(int cookie) {
        return orError(Cookies.compare(cookie, completedByWord(), lastUsed));
    }

    /** Where the copy stands that was submitted just now: the engine can't be done with it yet. */
    public DmaStatus peekNewest() {
        return orError(DmaStatus.DMA_IN_PROGRESS);
    }

    @Override
    public void armInterrupt(Processor on) {
        if (!pool.reserve(1, on)) {
            return;
        }
        int descriptor = pool.take();
        writeNull(descriptor, Descriptor.CONTROL_INTERRUPT);
        link(descriptor);
        used.addLast(descriptor);
        pending++;
        append(on);
    }

    @Override
    public void addWaiter(Task task) {
        waiters.add(task);
    }

    @Override
    public void removeWaiter(Task task) {
        waiters.remove(task);
    }

    /** Writes a channel command; RESET also drops all that was queued and starts the channel anew. */
    public void control(int command, Processor on) {
        if (command == EngineRegisters.CHANCMD_RESET) {
            reset(on);
            return;
        }
        post(EngineRegisters.CHANCMD, 1, command, on);
        if (command == EngineRegisters.CHANCMD_SUSPEND) {
            suspended = true;
        } else if (command == EngineRegisters.CHANCMD_RESUME) {
            suspended = false;
        }
    }

    /** The engine must have stopped before the descriptors are used again, so the driver waits for it. */
    private void reset(Processor on) {
        writeThrough(EngineRegisters.CHANCMD, 1, EngineRegisters.CHANCMD_RESET, on);
        suspended = false;
        dropAll();
        startEngine(on);
        wakeWaiters(on);
    }

    /** Whether the engine may still touch any of {@code [address, address + length)}. */
    public boolean names(long address, int length) {
        for (int i = positionOf(lastDone()) + 1; i < used.size(); i++) {
            if (names(used.get(i), address, length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void completionWritten() {
        for (int i = 0; i < waiters.size(); i++) {
            if (waiters.get(i).state() == Task.State.SPINNING) {
                waiters.get(i).wake();
            }
        }
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(lastUsed);
        hash.put(lastCompleted);
        hash.put(wrapped);
        hash.put(pending);
        hash.put(completionAddress);
        hash.put(lastSeen);
        hash.put(suspended);
        hash.put(halted);
        hash.put(gone);
        pool.hashInto(hash);
        used.hashInto(hash);
        for (int i = 0; i < used.size(); i++) {
            hash.put(pool.cookie(used.get(i)));
        }
        hash.put(waiters.size());
        for (int i = 0; i < waiters.size(); i++) {
            waiters.get(i).feed(hash);
        }
    }

    /** The engine was pulled out: nothing that is queued will ever be done. */
    void remove() {
        gone = true;
    }

    /** The self-test's cookies are its own: the channel begins anew. */
    void forgetCookies() {
        lastUsed = firstCookie - 1;
        lastCompleted = lastUsed;
        wrapped = false;
    }

    /** Cleans up and wakes who sleeps, from the interrupt handler. */
    void interrupted(Processor on) {
        long before = lastSeen;
        cleanup(on);
        if (lastSeen == before && !isHalted()) {
            lookForHalt(on);
        }
        wakeWaiters(on);
    }

    /** An engine that couldn't write the completion word can only tell by its status. */
    private void lookForHalt(Processor on) {
        on.spend(Symbol.READL, costs.mmioRead());
        long status = engine.read(register(EngineRegisters.CHANSTS), 4);
        halted = (status & EngineRegisters.STATUS_MASK) == EngineRegisters.STATUS_HALTED;
    }

    private void cleanup(Processor on) {
        on.spend(Symbol.IOAT_DMA_MEMCPY_CLEANUP, costs.poll());
        long done = lastDone();
        if (done == lastSeen) {
            return;
        }
        on.spend(Symbol.IOAT_DMA_MEMCPY_CLEANUP, costs.memoryLatency());
        lastSeen = done;
        int anchor = positionOf(done);
        for (int i = 0; i < anchor; i++) {
            int descriptor = used.removeFirst();
            complete(descriptor);
            pool.give(descriptor);
        }
        if (anchor >= 0) {
            on.spend(Symbol.IOAT_DMA_MEMCPY_CLEANUP, anchor * costs.cleanupDescriptor());
            complete(used.first());
        }
    }

    /** Where on the used list the descriptor at {@code address} is, -1 for an address that isn't there. */
    private int positionOf(long address) {
        for (int i = 0; i < used.size(); i++) {
            if (pool.address(used.get(i)) == address) {
                return i;
            }
        }
        return -1;
    }

    private void complete(int descriptor) {
        int cookie = pool.cookie(descriptor);
        if (cookie != 0) {
            lastCompleted = cookie;
            pool.setCookie(descriptor, 0);
        }
    }

    private int completedByWord() {
        long done = lastDone();
        int newest = lastCompleted;
        if (done == lastSeen) {
            return newest;
        }
        if (done != peekedWord || peekedNumber < used.firstNumber()) {
            lookOn(done, newest);
        }
        return peekedNumber < used.firstNumber() ? newest : peekedCookie;
    }

    /** Goes on from the descriptor that the last look ended at, because the engine only goes forward: looks cost no more than the copies. */
    private void lookOn(long done, int completed) {
        boolean fresh = peekedNumber < used.firstNumber();
        int newest = fresh ? completed : peekedCookie;
        int from = fresh ? 0 : (int) (peekedNumber - used.firstNumber()) + 1;
        for (int i = from; i < used.size(); i++) {
            int cookie = pool.cookie(used.get(i));
            newest = cookie == 0 ? newest : cookie;
            if (pool.address(used.get(i)) == done) {
                peekedWord = done;
                peekedNumber = used.firstNumber() + i;
                peekedCookie = newest;
                return;
            }
        }
    }

    private DmaStatus orError(DmaStatus status) {
        boolean failed = status == DmaStatus.DMA_IN_PROGRESS && personality.reportsErrors() && (gone || isHalted());
        return failed ? DmaStatus.DMA_ERROR : status;
    }

    private int reserve(PendingCopy copy, Processor on) {
        int pieces = copy.pieces();
        if (gone || completionAddress == 0) {
            return Errno.ENODEV.returned();
        }
        if (used.size() + pieces > DESCRIPTOR_LIMIT) {
            // nobody has looked for completions for a long time: the driver does before it gives up
            cleanup(on);
        }
        if (used.size() + pieces > DESCRIPTOR_LIMIT || !pool.reserve(pieces, on)) {
            return Errno.ENOMEM.returned();
        }
        for (int i = 0; i < pieces; i++) {
            copy.descriptors()[i] = pool.take();
        }
        copy.setReserved(generation);
        return 0;
    }

    /** The descriptors taken for a copy are lost when the channel was freed or reset meanwhile. */
    private int checkReserved(PendingCopy copy) {
        return gone || copy.generation() != generation ? Errno.ENODEV.returned() : 0;
    }

    private void writePiece(PendingCopy copy) {
        int piece = copy.written();
        int descriptor = copy.descriptors()[piece];
        boolean last = piece == copy.pieces() - 1;
        pool.setCookie(descriptor, 0);
        Descriptor.write(
                memory.bytes(),
                pool.address(descriptor),
                copy.pieceLength(),
                last ? Descriptor.CONTROL_COMPLETION : 0,
                copy.source(),
                copy.target(),
                last ? 0 : pool.address(copy.descriptors()[piece + 1]));
        copy.advance();
    }

    private int submit(PendingCopy copy, Processor on) {
        int pieces = copy.pieces();
        int cookie = nextCookie();
        pool.setCookie(copy.descriptors()[pieces - 1], cookie);
        link(copy.descriptors()[0]);
        for (int i = 0; i < pieces; i++) {
            used.addLast(copy.descriptors()[i]);
        }
        pending += pieces;
        if (pending >= personality.appendThreshold()) {
            append(on);
        }
        return cookie;
    }

    private int nextCookie() {
        int next = Cookies.next(lastUsed);
        wrapped |= next < lastUsed;
        lastUsed = next;
        return next;
    }

    private void append(Processor on) {
        pending = 0;
        on.spend(Symbol.DMA_MEMCPY_ISSUE_PENDING, costs.doorbell());
        engine.write(
                register(EngineRegisters.CHANCMD),
                1,
                EngineRegisters.CHANCMD_APPEND,
                on.cpu().cursorPs());
    }

    /** Points the chain's last descriptor to {@code descriptor}. */
    private void link(int descriptor) {
        int tail = used.get(used.size() - 1);
        memory.bytes().writeLong(pool.address(tail) + Descriptor.NEXT, pool.address(descriptor));
    }

    /** A descriptor that copies nothing, at the end of the chain. */
    private void writeNull(int descriptor, int control) {
        pool.setCookie(descriptor, 0);
        Descriptor.write(memory.bytes(), pool.address(descriptor), 0, Descriptor.CONTROL_NULL | control, 0, 0, 0);
    }

    /** Gives the engine its completion address and a descriptor that does nothing, and starts it. */
    private void startEngine(Processor on) {
        memory.bytes().writeLong(completionAddress, 0);
        lastSeen = 0;
        halted = false;
        int anchor = pool.take();
        writeNull(anchor, 0);
        used.addLast(anchor);
        writeThrough(EngineRegisters.CHANERR, 4, 0xffff_ffffL, on);
        writeThrough(EngineRegisters.CHANCMP, 4, completionAddress & 0xffff_ffffL, on);
        writeThrough(EngineRegisters.CHANCMP + 4, 4, completionAddress >>> 32, on);
        writeThrough(EngineRegisters.CHAINADDR, 4, pool.address(anchor) & 0xffff_ffffL, on);
        writeThrough(EngineRegisters.CHAINADDR + 4, 4, pool.address(anchor) >>> 32, on);
        writeThrough(EngineRegisters.CHANCMD, 1, EngineRegisters.CHANCMD_START, on);
    }

    /** Forgets all that is queued; what wasn't done never will be. */
    private void dropAll() {
        used.clear();
        pool.takeBackAll();
        pending = 0;
        generation++;
        lastCompleted = lastUsed;
    }

    private void giveUp(long completion, Processor on) {
        if (completion != SlabCache.NO_OBJECT) {
            memory.free(completion, on);
        }
        pool.freePages(on);
        writeThrough(EngineRegisters.CHANCTRL, 2, 0, on);
    }

    private void wakeWaiters(Processor on) {
        for (int i = waiters.size(); i-- > 0; ) {
            waiters.get(i).wake(on);
        }
    }

    private boolean names(int descriptor, long address, int length) {
        long at = pool.address(descriptor);
        PhysicalMemory bytes = memory.bytes();
        long size = bytes.readInt(at + Descriptor.SIZE_AND_CONTROL);
        long source = bytes.readLong(at + Descriptor.SOURCE);
        long target = bytes.readLong(at + Descriptor.DESTINATION);
        return (source < address + length && address < source + size)
                || (target < address + length && address < target + size);
    }

    /** The newest descriptor that the completion word names, 0 for none. */
    private long lastDone() {
        return completionAddress == 0
                ? 0
                : memory.bytes().readLong(completionAddress) & EngineRegisters.DESCRIPTOR_MASK;
    }

    private void post(int offset, int bytes, long value, Processor on) {
        on.spend(Symbol.WRITEL, costs.mmioWrite());
        engine.write(register(offset), bytes, value, on.cpu().cursorPs());
    }

    /** A write that must have taken effect before the driver goes on. */
    private void writeThrough(int offset, int bytes, long value, Processor on) {
        on.spend(Symbol.WRITEL, costs.mmioWrite());
        engine.writeThrough(register(offset), bytes, value);
    }

    private int register(int offset) {
        return (number + 1) * EngineRegisters.CHANNEL_BLOCK + offset;
    }
}
