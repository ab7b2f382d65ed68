package org.ioatlab.kernel.net.socket;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.kernel.mm.SlabCache;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;

/**
 * The memory of a {@code struct tcp_sock}, for the lines that processors touch; its contents are {@link TcpSocket}'s. When memory is
 * exhausted a socket goes without.
 */
final class SocketStruct {
    /** {@code struct tcp_sock} of Linux 2.6.12 for i386, as its slab cache pads it; estimated. */
    static final int BYTES = 1088;

    /** Hash chain, addresses and lock: what a look-up touches. */
    private static final int COMMON_BYTES = 128;

    /** Where the wait queue and the callbacks lie. */
    private static final int WAITERS = 192;

    /** Where the fields lie that a segment of the fast path changes: expected and copied sequence, window, stamps, pace of acknowledgments. */
    private static final int STREAM = 448;

    private static final int STREAM_BYTES = 256;

    private final SlabCache cache;
    private long address = SlabCache.NO_OBJECT;

    SocketStruct(SlabCache cache) {
        this.cache = cache;
    }

    void allocate(Processor on) {
        address = cache.allocate(on);
        if (address != SlabCache.NO_OBJECT) {
            on.write(Symbol.KMEM_CACHE_ALLOC, MemoryUse.SOCKET, address, BYTES);
        }
    }

    /** Gives the memory back; once is enough. */
    void free(Processor on) {
        if (address != SlabCache.NO_OBJECT) {
            cache.free(address, on);
            address = SlabCache.NO_OBJECT;
        }
    }

    /** A segment has found the socket. */
    void found(Work on) {
        if (address != SlabCache.NO_OBJECT) {
            on.write(Symbol.TCP_V4_RCV, MemoryUse.SOCKET, address, COMMON_BYTES);
        }
    }

    /** A segment is worked off. */
    void processed(Work on) {
        if (address != SlabCache.NO_OBJECT) {
            on.write(Symbol.TCP_RCV_ESTABLISHED, MemoryUse.SOCKET, address + STREAM, STREAM_BYTES);
        }
    }

    /** Whoever waits is looked for. */
    void woken(Symbol symbol, Work on) {
        if (address != SlabCache.NO_OBJECT) {
            on.read(symbol, MemoryUse.SOCKET, address + WAITERS, Long.SIZE);
        }
    }

    long address() {
        return address;
    }
}
