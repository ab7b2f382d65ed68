package org.ioatlab.kernel.net.socket;

import org.ioatlab.hardware.memory.MemoryUse;
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
     * Copies a packet's data to a program.
     *
     * @param summed whether the checksum is added up in the same pass
     */
    void toUser(SocketBuffer packet, int offset, int length, IoVector into, boolean summed, Work on) {
        Symbol symbol = summed ? Symbol.CSUM_PARTIAL_COPY_GENERIC : Symbol.COPY_USER_INTEL;
        on.spend(costs.copyToUser());
        if (summed) {
            on.spend(symbol, SocketCosts.of(length, costs.sumCopyPerKilobyte()));
        }
        int done = 0;
        while (done < length) {
            int run = Math.min(packet.runAt(offset + done), into.run());
            int piece = Math.min(length - done, run);
            long target = into.address();
            long source = packet.addressAt(offset + done);
            on.copy(symbol, MemoryUse.USER, target, MemoryUse.PAYLOAD, source, piece);
            memory.copy(target, source, piece);
            into.advance(piece);
            done += piece;
        }
    }

    /** Copies to a page that is pinned, in whatever context; addresses are physical, the target within one page. */
    void toPinned(long target, long source, int length, Work on) {
        on.copy(Symbol.MEMCPY, MemoryUse.USER, target, MemoryUse.PAYLOAD, source, length);
        memory.copy(target, source, length);
    }

    /** Puts one byte, which the kernel held by itself. */
    void putByte(IoVector into, int value, Work on) {
        on.write(Symbol.COPY_USER_INTEL, MemoryUse.USER, into.address(), 1);
        memory.fill(into.address(), 1, (byte) value);
        into.advance(1);
    }

    /** Copies a program's data to the kernel's memory. */
    void fromUser(IoVector from, long target, int length, Work on) {
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, from.run());
            long source = from.address();
            on.copy(Symbol.COPY_USER_INTEL, MemoryUse.PAYLOAD, target + done, MemoryUse.USER, source, piece);
            memory.copy(target + done, source, piece);
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
