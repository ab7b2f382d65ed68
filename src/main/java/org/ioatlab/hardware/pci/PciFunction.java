package org.ioatlab.hardware.pci;

import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A function on the PCI bus: what its configuration space tells, one block of memory-mapped registers, and a message-signalled
 * interrupt that goes to whatever handler the kernel has registered.
 *
 * <p>A processor's write reaches the registers at the instant that the processor stamped it with; writes of one instant keep their order.
 */
public abstract class PciFunction {
    /** Takes interrupts. Registered by the kernel; devices know nothing else of it. */
    public interface InterruptHandler {
        /** The device signals message {@code message} (0 for a device with only one). */
        void interrupt(int message);
    }

    /** Writes that are kept to be used again: a driver that runs has a few on their way, one that starts has dozens. */
    private static final int MOST_SPARE_WRITES = 16;

    private final EventLoop loop;
    private final String address;
    private final int deviceId;
    private final int classCode;
    private final int revision;
    private final String description;
    private final long baseAddress;
    private final int registerBytes;
    private @Nullable RegisterWrite freeWrites;
    private int spareWrites;
    private @Nullable InterruptHandler handler;
    private boolean present = true;

    /** A write on its way to the device. */
    private final class RegisterWrite extends Event {
        private @Nullable RegisterWrite nextFree;
        private int offset;
        private int bytes;
        private long value;

        @Override
        protected void fire() {
            if (spareWrites < MOST_SPARE_WRITES) {
                spareWrites++;
                nextFree = freeWrites;
                freeWrites = this;
            }
            if (present) {
                writeRegister(offset, bytes, value);
            }
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put(address);
            hash.put(offset);
            hash.put(bytes);
            hash.put(value);
        }
    }

    /**
     * @param address as {@code lspci} prints it: {@code 0000:00:08.0}
     * @param deviceId Intel's device number (the vendor is always 8086)
     * @param classCode class and subclass, for example 0x0880
     * @param baseAddress physical address of the registers (BAR 0)
     * @param registerBytes size of BAR 0
     */
    protected PciFunction(
            EventLoop loop,
            String address,
            int deviceId,
            int classCode,
            int revision,
            String description,
            long baseAddress,
            int registerBytes) {
        this.loop = loop;
        this.address = address;
        this.deviceId = deviceId;
        this.classCode = classCode;
        this.revision = revision;
        this.description = description;
        this.baseAddress = baseAddress;
        this.registerBytes = registerBytes;
    }

    /** Domain, bus, device and function. */
    public final String address() {
        return address;
    }

    /** The device number, 16 bits. */
    public final int deviceId() {
        return deviceId;
    }

    /** Class and subclass, 16 bits. */
    public final int classCode() {
        return classCode;
    }

    /** The revision, 8 bits. */
    public final int revision() {
        return revision;
    }

    /** What it is, as a list of devices prints it. */
    public final String description() {
        return description;
    }

    /** Physical address of the registers. */
    public final long baseAddress() {
        return baseAddress;
    }

    /** Bytes of registers. */
    public final int registerBytes() {
        return registerBytes;
    }

    /** Whether it is still on the bus. */
    public final boolean isPresent() {
        return present;
    }

    /** Registers who takes its interrupts; null for nobody. */
    public final void onInterrupt(@Nullable InterruptHandler newHandler) {
        handler = newHandler;
    }

    /** A processor's posted write, which arrives at {@code atPs}. */
    public final void write(int offset, int bytes, long value, long atPs) {
        RegisterWrite write = freeWrites;
        if (write == null) {
            write = new RegisterWrite();
        } else {
            spareWrites--;
            freeWrites = write.nextFree;
        }
        write.offset = offset;
        write.bytes = bytes;
        write.value = value;
        loop.schedule(write, atPs);
    }

    /** A write that the processor waits for, as it does by reading back: it takes effect at once. */
    public final void writeThrough(int offset, int bytes, long value) {
        if (present) {
            writeRegister(offset, bytes, value);
        }
    }

    /** A processor's read, side effects included; all ones once the function is gone. */
    public final long read(int offset, int bytes) {
        return present ? readRegister(offset, bytes) : -1L >>> (Long.SIZE - bytes * Byte.SIZE);
    }

    /** The same without side effects. */
    public final long peek(int offset, int bytes) {
        return present ? peekRegister(offset, bytes) : -1L >>> (Long.SIZE - bytes * Byte.SIZE);
    }

    /** Takes the function off the bus at once: whatever it was doing stops. Does nothing to one that is gone. */
    public final void remove() {
        if (present) {
            present = false;
            handler = null;
            stop();
        }
    }

    /** Feeds identity and registers. */
    public void hashInto(StateHash hash) {
        hash.put(address);
        hash.put(present);
    }

    /** The loop that its events run on. */
    protected final EventLoop loop() {
        return loop;
    }

    /** Raises the interrupt, if anybody listens. */
    protected final void signal(int message) {
        if (handler != null) {
            handler.interrupt(message);
        }
    }

    /** Stops everything under way because the function was removed. */
    protected abstract void stop();

    /** A write arrives. Unknown offsets are ignored, as hardware does. */
    protected abstract void writeRegister(int offset, int bytes, long value);

    /** A read with its side effects. */
    protected abstract long readRegister(int offset, int bytes);

    /** A read without side effects. */
    protected abstract long peekRegister(int offset, int bytes);
}
