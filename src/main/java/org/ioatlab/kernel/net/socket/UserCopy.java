package org.ioatlab.kernel.net.socket;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;

/** Copies between the kernel's memory and that of programs ({@code copy_to_user}, {@code copy_from_user}). */
final class UserCopy {
    private final PhysicalMemory memory;
    private final SocketCosts costs;

    UserCopy(PhysicalMemory memory, SocketCosts costs) {
        this.memory = memory;
        this.costs = costs;
    }

    /**
     * Copies bytes that a device has just written, so that no cache holds them.
     *
     * @param summed whether the checksum is added up in the same pass
     */
    void toUser(SocketBuffer packet, int offset, int length, IoVector into, boolean summed, Work on) {
        if (summed) {
            on.spend(Symbol.CSUM_PARTIAL_COPY_GENERIC, SocketCosts.of(length, costs.sumCopyPerKilobyte()));
        } else {
            on.spend(Symbol.COPY_USER_INTEL, SocketCosts.of(length, costs.coldCopyPerKilobyte()));
        }
        int done = 0;
        while (done < length) {
            int run = Math.min(packet.runAt(offset + done), into.run());
            int piece = Math.min(length - done, run);
            memory.copy(into.address(), packet.addressAt(offset + done), piece);
            into.advance(piece);
            done += piece;
        }
    }

    /** Puts one byte, which the kernel held by itself. */
    void putByte(IoVector into, int value, Work on) {
        on.spend(Symbol.COPY_USER_INTEL, SocketCosts.of(1, costs.warmCopyPerKilobyte()));
        memory.fill(into.address(), 1, (byte) value);
        into.advance(1);
    }

    /** Copies bytes that the program has just written, which its cache still holds. */
    void fromUser(IoVector from, long target, int length, Work on) {
        on.spend(Symbol.COPY_USER_INTEL, SocketCosts.of(length, costs.warmCopyPerKilobyte()));
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, from.run());
            memory.copy(target + done, from.address(), piece);
            from.advance(piece);
            done += piece;
        }
    }

    /** The same to a packet's data. */
    void fromUser(IoVector from, SocketBuffer packet, int offset, int length, Work on) {
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, packet.runAt(offset + done));
            fromUser(from, packet.addressAt(offset + done), piece, on);
            done += piece;
        }
    }
}
