package org.ioatlab.hardware.dma;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.memory.BusMaster;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.memory.SharedBandwidth;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * One channel of the copy engine: follows a chain of descriptors in memory. For each it fetches the descriptor, moves the data, and writes
 * the completion word if the descriptor asks for it; at the end of the chain it is idle until the last descriptor's {@code next} is read
 * again on APPEND. States and latencies after the gem5 v24 copy engine; suspend, resume, abort and errors after Linux 2.6.18 ioatdma.
 */
public final class EngineChannel implements SharedBandwidth.Transfer {
    /** What happens next. */
    private enum Phase {
        /** Nothing: idle, suspended or halted. */
        REST,
        /** The descriptor is being read. */
        FETCH,
        /** The last descriptor's next address is being read again. */
        FETCH_NEXT,
        /** The same, and the descriptor that it names right after: two steps in one event. */
        FETCH_NEXT_AND_FETCH,
        /** Data is moving. */
        TRANSFER,
        /** The data has moved; the completion word is on its way. */
        COMPLETE,
        /** The data has moved, there is nobody to tell, and the next descriptor is read right after: two steps in one event. */
        COMPLETE_AND_FETCH
    }

    private final CopyEngine engine;
    private final int number;
    private final EventLoop loop;
    private final BusMaster bus;
    private final PhysicalMemory memory;
    private final SharedBandwidth dataPath;
    private final EngineTiming timing;
    private final SeededRandom random;
    private final long transferCapBytes;
    private final Step step = new Step();
    private final List<InjectedFault> faults = new ArrayList<>(0);

    private Phase phase = Phase.REST;
    private int status = EngineRegisters.STATUS_HALTED;
    private int errors;
    private int errorMask;
    private int control;
    private long chainAddress;
    private long completionAddress;
    private boolean appended;
    private boolean suspending;

    private long descriptor;
    private long lastDone;
    private int length;
    private int descriptorControl;
    private long source;
    private long destination;
    private long next;
    private @Nullable FaultType striking;
    private long transferBeganPs;
    private long firstStepEndsPs;

    /** A next address that was read in a step whose event is yet to come, so that the bus hasn't seen it; 0 for none. */
    private long rereadAt;

    private @Nullable CompletionWatcher watcher;

    /** Told when the completion word has been written or the channel has halted. */
    public interface CompletionWatcher {
        /** Something for whoever polls. */
        void completionWritten();
    }

    private final class Step extends Event {
        @Override
        protected void fire() {
            advance();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("engine");
            hash.put(number);
        }
    }

    EngineChannel(
            CopyEngine engine,
            int number,
            EventLoop loop,
            BusMaster bus,
            SharedBandwidth dataPath,
            EngineTiming timing,
            SeededRandom random,
            long transferCapBytes) {
        this.engine = engine;
        this.number = number;
        this.loop = loop;
        this.bus = bus;
        memory = bus.bytes();
        this.dataPath = dataPath;
        this.timing = timing;
        this.random = random;
        this.transferCapBytes = transferCapBytes;
    }

    /** ACTIVE, IDLE, SUSPENDED or HALTED, as the low bits of CHANSTS. */
    public int status() {
        return status;
    }

    /** The bits of CHANERR. */
    public int errors() {
        return errors;
    }

    /** Says who polls for completions; null for nobody. */
    public void watch(@Nullable CompletionWatcher newWatcher) {
        watcher = newWatcher;
    }

    /** Makes the channel fail once {@code afterDescriptors} more copy descriptors have passed. */
    public InjectedFault inject(FaultType type, int afterDescriptors) {
        int last = faults.isEmpty() ? 0 : faults.getLast().number();
        InjectedFault fault = new InjectedFault(last + 1, type, afterDescriptors);
        faults.add(fault);
        return fault;
    }

    /** Takes a fault back. */
    public void removeFault(InjectedFault fault) {
        faults.remove(fault);
    }

    /** Faults that wait or have struck, oldest first. */
    public List<InjectedFault> faults() {
        return List.copyOf(faults);
    }

    @Override
    public void transferred() {
        if (striking != null && strikesData(striking)) {
            fail(striking);
            return;
        }
        memory.copy(destination, source, length);
        long delayPs = bus.copies(destination, source, length, transferBeganPs);
        if (striking == FaultType.SILENT_CORRUPTION) {
            corruptOneByte();
        }
        engine.observe(number, length, transferBeganPs);
        if (striking == FaultType.DMA_DATA_INTEGRITY) {
            fail(striking);
            return;
        }
        long endPs = delayPs + timing.afterCopyPs();
        firstStepEndsPs = loop.nowPs() + endPs;
        if (goesStraightOn()) {
            enter(Phase.COMPLETE_AND_FETCH, endPs + timing.fetchPs());
        } else {
            enter(Phase.COMPLETE, endPs);
        }
    }

    /** Whether nothing can be seen of the end of this descriptor but the reading of the next. */
    private boolean goesStraightOn() {
        int told = Descriptor.CONTROL_COMPLETION | Descriptor.CONTROL_INTERRUPT;
        return (descriptorControl & told) == 0 && striking == null && !suspending && isDescriptorAddress(next);
    }

    /** Brings the two steps that share an event to the present instant, for whoever looks or interferes. */
    private void catchUp() {
        if (loop.nowPs() < firstStepEndsPs) {
            return;
        }
        if (phase == Phase.COMPLETE_AND_FETCH) {
            goOn();
            phase = Phase.FETCH;
        } else if (phase == Phase.FETCH_NEXT_AND_FETCH) {
            rereadAt = descriptor + Descriptor.NEXT;
            descriptor = memory.readLong(rereadAt);
            phase = Phase.FETCH;
        }
    }

    /** The same, and makes them two events again if the first is yet to come. */
    private void separate() {
        catchUp();
        if (phase == Phase.COMPLETE_AND_FETCH) {
            loop.cancel(step);
            enter(Phase.COMPLETE, firstStepEndsPs - loop.nowPs());
        } else if (phase == Phase.FETCH_NEXT_AND_FETCH) {
            loop.cancel(step);
            enter(Phase.FETCH_NEXT, firstStepEndsPs - loop.nowPs());
        }
    }

    private void goOn() {
        lastDone = descriptor;
        descriptor = next;
        next = 0;
    }

    long readRegister(int offset, int bytes) {
        long value = peekRegister(offset, bytes);
        if (offset == EngineRegisters.CHANCTRL) {
            control |= EngineRegisters.CHANCTRL_IN_USE;
        }
        return value;
    }

    long peekRegister(int offset, int bytes) {
        catchUp();
        return switch (offset) {
            case EngineRegisters.CHANCTRL -> control;
            case EngineRegisters.DMA_COMP -> 1;
            case EngineRegisters.CHANSTS -> part(channelStatus(), 0, bytes);
            case EngineRegisters.CHANSTS + 4 -> part(channelStatus(), 4, bytes);
            case EngineRegisters.CHAINADDR -> part(chainAddress, 0, bytes);
            case EngineRegisters.CHAINADDR + 4 -> part(chainAddress, 4, bytes);
            case EngineRegisters.CHANCMP -> part(completionAddress, 0, bytes);
            case EngineRegisters.CHANCMP + 4 -> part(completionAddress, 4, bytes);
            case EngineRegisters.CDAR -> part(descriptor, 0, bytes);
            case EngineRegisters.CDAR + 4 -> part(descriptor, 4, bytes);
            case EngineRegisters.CHANERR -> errors & 0xffff_ffffL;
            case EngineRegisters.CHANERR_MASK -> errorMask & 0xffff_ffffL;
            default -> 0;
        };
    }

    void writeRegister(int offset, int bytes, long value) {
        switch (offset) {
            case EngineRegisters.CHANCTRL -> control = (int) value & 0xffff;
            case EngineRegisters.CHAINADDR -> chainAddress = replace(chainAddress, 0, bytes, value);
            case EngineRegisters.CHAINADDR + 4 -> chainAddress = replace(chainAddress, 4, bytes, value);
            case EngineRegisters.CHANCMP -> completionAddress = replace(completionAddress, 0, bytes, value);
            case EngineRegisters.CHANCMP + 4 -> completionAddress = replace(completionAddress, 4, bytes, value);
            case EngineRegisters.CHANERR -> errors &= (int) ~value;
            case EngineRegisters.CHANERR_MASK -> errorMask = (int) value;
            case EngineRegisters.CHANCMD -> command((int) value & 0xff);
            default -> {
                // read-only or reserved: writes have no effect
            }
        }
    }

    /** Stops at once, for removal and reset. */
    void stop() {
        catchUp();
        loop.cancel(step);
        dataPath.cancel(number);
        phase = Phase.REST;
        rereadAt = 0;
        status = EngineRegisters.STATUS_HALTED;
        appended = false;
        suspending = false;
    }

    void hashInto(StateHash hash) {
        catchUp();
        hash.put(phase.ordinal());
        hash.put(status);
        hash.put(errors);
        hash.put(errorMask);
        hash.put(control);
        hash.put(chainAddress);
        hash.put(completionAddress);
        hash.put(appended);
        hash.put(suspending);
        hash.put(isTwoSteps() ? firstStepEndsPs : 0);
        hash.put(rereadAt);
        hash.put(descriptor);
        hash.put(lastDone);
        hash.put(next);
        hash.put(length);
        hash.put(descriptorControl);
        hash.put(source);
        hash.put(destination);
        hash.put(striking == null ? -1 : striking.ordinal());
        hash.put(faults.size());
        for (int i = 0; i < faults.size(); i++) {
            hash.put(faults.get(i).type().ordinal());
            hash.put(faults.get(i).left());
            hash.put(faults.get(i).struckAtPs());
        }
    }

    private boolean isTwoSteps() {
        return phase == Phase.COMPLETE_AND_FETCH || phase == Phase.FETCH_NEXT_AND_FETCH;
    }

    private void command(int bits) {
        if (bits != EngineRegisters.CHANCMD_APPEND) {
            separate();
        }
        switch (bits) {
            case EngineRegisters.CHANCMD_START -> start();
            case EngineRegisters.CHANCMD_APPEND -> append();
            case EngineRegisters.CHANCMD_SUSPEND -> suspend();
            case EngineRegisters.CHANCMD_RESUME -> resume();
            case EngineRegisters.CHANCMD_ABORT -> abort();
            case EngineRegisters.CHANCMD_RESET -> reset();
            default -> fail(FaultType.CHANNEL_COMMAND);
        }
    }

    private void start() {
        if (phase != Phase.REST || status == EngineRegisters.STATUS_SUSPENDED) {
            fail(FaultType.CHANNEL_COMMAND);
        } else if (!isDescriptorAddress(chainAddress)) {
            fail(FaultType.CHAIN_ADDRESS_VALUE);
        } else {
            status = EngineRegisters.STATUS_ACTIVE;
            descriptor = chainAddress;
            enter(Phase.FETCH, timing.fetchPs());
        }
    }

    /** While a descriptor is under way, this leaves no more than a mark, which two steps that share an event don't look at. */
    private void append() {
        if (status == EngineRegisters.STATUS_HALTED) {
            return;
        }
        appended = true;
        if (status == EngineRegisters.STATUS_IDLE) {
            proceed();
        }
    }

    private void suspend() {
        if (phase != Phase.REST) {
            suspending = true;
        } else if (status == EngineRegisters.STATUS_IDLE) {
            status = EngineRegisters.STATUS_SUSPENDED;
        }
    }

    private void resume() {
        suspending = false;
        if (status == EngineRegisters.STATUS_SUSPENDED) {
            proceed();
        }
    }

    /** An aborted channel tells its driver as one that failed does. */
    private void abort() {
        if (status != EngineRegisters.STATUS_HALTED) {
            halt();
            interruptForHalt(0);
        }
    }

    private void reset() {
        stop();
        errors = 0;
        descriptor = 0;
        lastDone = 0;
        next = 0;
        striking = null;
    }

    private void advance() {
        switch (phase) {
            case FETCH -> fetched();
            case COMPLETE_AND_FETCH, FETCH_NEXT_AND_FETCH -> {
                catchUp();
                fetched();
            }
            case FETCH_NEXT -> fetchedNext();
            case COMPLETE -> complete();
            case REST, TRANSFER -> throw new IllegalStateException("channel " + number + " has no step in " + phase);
        }
    }

    /** The descriptor has been read: checks it and starts moving its data. */
    private void fetched() {
        if (rereadAt != 0) {
            bus.reads(rereadAt, Long.BYTES);
            rereadAt = 0;
        }
        bus.reads(descriptor, Descriptor.BYTES);
        byte[] frame = memory.read((int) (descriptor >> PhysicalMemory.PAGE_SHIFT));
        int at = (int) descriptor & (PhysicalMemory.PAGE_SIZE - 1);
        long sizeAndControl = Descriptor.field(frame, at + Descriptor.SIZE_AND_CONTROL);
        length = (int) sizeAndControl;
        descriptorControl = (int) (sizeAndControl >>> Integer.SIZE);
        source = Descriptor.field(frame, at + Descriptor.SOURCE);
        destination = Descriptor.field(frame, at + Descriptor.DESTINATION);
        next = Descriptor.field(frame, at + Descriptor.NEXT);
        if ((descriptorControl & Descriptor.CONTROL_NULL) != 0) {
            finish();
            return;
        }
        striking = faultFor();
        FaultType wrong = striking != null && strikesFetch(striking) ? striking : fieldError();
        if (wrong != null) {
            fail(wrong);
            return;
        }
        if (striking == FaultType.SOFT_ERROR) {
            errors |= striking.mask();
        }
        phase = Phase.TRANSFER;
        transferBeganPs = loop.nowPs();
        dataPath.begin(number, length, this);
    }

    private @Nullable FaultType fieldError() {
        int known = Descriptor.CONTROL_COMPLETION | Descriptor.CONTROL_INTERRUPT | Descriptor.CONTROL_HINTS;
        if ((descriptorControl & ~known) != 0) {
            return FaultType.DESCRIPTOR_CONTROL;
        }
        if (length <= 0 || length > transferCapBytes) {
            return FaultType.DESCRIPTOR_LENGTH;
        }
        if (!memory.contains(source, length)) {
            return FaultType.SOURCE_ADDRESS;
        }
        return memory.contains(destination, length) ? null : FaultType.DESTINATION_ADDRESS;
    }

    private @Nullable FaultType faultFor() {
        FaultType first = null;
        for (int i = 0; i < faults.size(); i++) {
            InjectedFault fault = faults.get(i);
            if (fault.isDue() && first == null) {
                fault.strike(loop.nowPs());
                first = fault.type();
            }
        }
        return first;
    }

    private static boolean strikesData(FaultType type) {
        return switch (type) {
            case READ_DATA, WRITE_DATA, CHIPSET_DATA_INTEGRITY -> true;
            default -> false;
        };
    }

    private static boolean strikesFetch(FaultType type) {
        return switch (type) {
            case READ_DATA, WRITE_DATA, CHIPSET_DATA_INTEGRITY, DMA_DATA_INTEGRITY -> false;
            case SILENT_CORRUPTION, SOFT_ERROR, COMPLETION_ADDRESS -> false;
            default -> true;
        };
    }

    private void complete() {
        boolean tells = (descriptorControl & Descriptor.CONTROL_COMPLETION) != 0;
        if (striking == FaultType.COMPLETION_ADDRESS || (tells && !canWriteCompletion())) {
            fail(FaultType.COMPLETION_ADDRESS);
            return;
        }
        lastDone = descriptor;
        striking = null;
        if (tells) {
            writeCompletion(EngineRegisters.STATUS_IDLE);
            tellWatcher();
        }
        finish();
    }

    /** The descriptor is done with: interrupts if asked for, and goes on. */
    private void finish() {
        if ((descriptorControl & Descriptor.CONTROL_INTERRUPT) != 0) {
            engine.wantAttention(number);
        }
        proceed();
    }

    private void proceed() {
        phase = Phase.REST;
        if (suspending) {
            suspending = false;
            status = EngineRegisters.STATUS_SUSPENDED;
        } else if (next != 0) {
            follow();
        } else if (appended) {
            appended = false;
            status = EngineRegisters.STATUS_ACTIVE;
            fetchNext();
        } else {
            status = EngineRegisters.STATUS_IDLE;
        }
    }

    /** A next address that is there stays as it is, so it and the descriptor that it names can be read in one go. */
    private void fetchNext() {
        if (isDescriptorAddress(memory.readLong(descriptor + Descriptor.NEXT))) {
            firstStepEndsPs = loop.nowPs() + timing.fetchPs();
            enter(Phase.FETCH_NEXT_AND_FETCH, 2 * timing.fetchPs());
        } else {
            enter(Phase.FETCH_NEXT, timing.fetchPs());
        }
    }

    private void fetchedNext() {
        bus.reads(descriptor + Descriptor.NEXT, Long.BYTES);
        next = memory.readLong(descriptor + Descriptor.NEXT);
        proceed();
    }

    private void follow() {
        if ((next & (Descriptor.BYTES - 1)) != 0) {
            fail(FaultType.NEXT_DESCRIPTOR_ALIGNMENT);
        } else if (!memory.contains(next, Descriptor.BYTES)) {
            fail(FaultType.NEXT_DESCRIPTOR_ADDRESS);
        } else {
            status = EngineRegisters.STATUS_ACTIVE;
            descriptor = next;
            next = 0;
            enter(Phase.FETCH, timing.fetchPs());
        }
    }

    /** Records an error and halts. */
    private void fail(FaultType type) {
        errors |= type.mask();
        halt();
        interruptForHalt(type.mask());
    }

    private void interruptForHalt(int cause) {
        if ((control & EngineRegisters.CHANCTRL_ERROR_INTERRUPT) != 0 && (cause & errorMask) == 0) {
            engine.wantAttention(number);
        }
    }

    private void halt() {
        stop();
        striking = null;
        if ((control & EngineRegisters.CHANCTRL_ERROR_COMPLETION) != 0 && canWriteCompletion()) {
            writeCompletion(EngineRegisters.STATUS_HALTED);
        }
        tellWatcher();
    }

    private void writeCompletion(int state) {
        memory.writeLong(completionAddress, lastDone | state);
        bus.writes(completionAddress, Long.BYTES);
    }

    private void tellWatcher() {
        if (watcher != null) {
            watcher.completionWritten();
        }
    }

    private void corruptOneByte() {
        long victim = destination + random.nextInt(length);
        byte[] frame = memory.write((int) (victim >> PhysicalMemory.PAGE_SHIFT));
        frame[(int) victim & (PhysicalMemory.PAGE_SIZE - 1)] ^= (byte) (1 + random.nextInt(255));
    }

    private void enter(Phase nextPhase, long delayPs) {
        phase = nextPhase;
        loop.scheduleAfter(step, delayPs);
    }

    private boolean canWriteCompletion() {
        return completionAddress != 0
                && completionAddress % Long.BYTES == 0
                && memory.contains(completionAddress, Long.BYTES);
    }

    private boolean isDescriptorAddress(long address) {
        return address != 0 && (address & (Descriptor.BYTES - 1)) == 0 && memory.contains(address, Descriptor.BYTES);
    }

    private long channelStatus() {
        int marks = (errors & FaultType.SOFT_ERROR.mask()) != 0 ? EngineRegisters.STATUS_SOFT_ERROR : 0;
        marks |= (errors & FaultType.UNAFFILIATED_ERROR.mask()) != 0 ? EngineRegisters.STATUS_UNAFFILIATED_ERROR : 0;
        return (lastDone & EngineRegisters.DESCRIPTOR_MASK) | marks | status;
    }

    private static long part(long value, int from, int bytes) {
        long shifted = value >>> (from * Byte.SIZE);
        return bytes == Long.BYTES ? shifted : shifted & ((1L << (bytes * Byte.SIZE)) - 1);
    }

    private static long replace(long old, int from, int bytes, long value) {
        if (bytes == Long.BYTES) {
            return value;
        }
        long mask = ((1L << (bytes * Byte.SIZE)) - 1) << (from * Byte.SIZE);
        return (old & ~mask) | ((value << (from * Byte.SIZE)) & mask);
    }
}
