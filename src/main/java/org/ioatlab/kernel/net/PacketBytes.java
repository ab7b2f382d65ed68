package org.ioatlab.kernel.net;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.InternetChecksum;

/**
 * A packet's bytes by their offset from its data's beginning, wherever they lie: in the linear part, in pages, across page boundaries. Numbers
 * are in network byte order.
 */
public final class PacketBytes {
    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;

    private final PhysicalMemory memory;

    /** For packets in that memory. */
    public PacketBytes(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** The memory. */
    public PhysicalMemory memory() {
        return memory;
    }

    /** The byte at an address, 0 to 255. */
    public int u8(long address) {
        return page(address)[(int) address & PAGE_MASK] & 0xff;
    }

    /** The 16-bit number at an address. */
    public int u16(long address) {
        return liesInOnePage(address, Short.BYTES)
                ? BigEndian.u16(page(address), (int) address & PAGE_MASK)
                : u8(address) << Byte.SIZE | u8(address + 1);
    }

    /** The 32 bits at an address. */
    public int i32(long address) {
        return liesInOnePage(address, Integer.BYTES)
                ? BigEndian.i32(page(address), (int) address & PAGE_MASK)
                : u16(address) << Short.SIZE | u16(address + 2);
    }

    /** The 48 bits at an address. */
    public long u48(long address) {
        return (long) u16(address) << Integer.SIZE | Integer.toUnsignedLong(i32(address + 2));
    }

    /** The 64 bits at an address. */
    public long i64(long address) {
        return (long) i32(address) << Integer.SIZE | Integer.toUnsignedLong(i32(address + 4));
    }

    /** Writes the low 16 bits of {@code value} at an address. */
    public void put16(long address, int value) {
        put8(address, value >>> Byte.SIZE);
        put8(address + 1, value);
    }

    /** Writes the low 8 bits of {@code value} at an address. */
    public void put8(long address, int value) {
        memory.write((int) (address >> PhysicalMemory.PAGE_SHIFT))[(int) address & PAGE_MASK] = (byte) value;
    }

    /** The byte at an offset of a packet. */
    public int u8(SocketBuffer packet, int offset) {
        return u8(packet.addressAt(offset));
    }

    /** The Internet checksum's sum over {@code length} bytes of a packet from {@code offset} on (RFC 1071). */
    public int sum(SocketBuffer packet, int offset, int length) {
        int sum = 0;
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, packet.runAt(offset + done));
            sum = join(sum, sum(packet.addressAt(offset + done), piece), done);
            done += piece;
        }
        return sum;
    }

    /** The same over {@code length} bytes at an address. */
    public int sum(long address, int length) {
        int sum = 0;
        int done = 0;
        while (done < length) {
            int within = (int) (address + done) & PAGE_MASK;
            int piece = Math.min(length - done, PhysicalMemory.PAGE_SIZE - within);
            sum = join(sum, InternetChecksum.sum(page(address + done), within, piece), done);
            done += piece;
        }
        return sum;
    }

    /** Charges a sequential read of {@code length} bytes of a packet from {@code offset} on. */
    public static void scan(Symbol symbol, SocketBuffer packet, int offset, int length, Work on) {
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, packet.runAt(offset + done));
            on.scan(symbol, MemoryUse.PAYLOAD, packet.addressAt(offset + done), piece);
            done += piece;
        }
    }

    /** Copies {@code length} bytes of {@code source} from {@code from} on into {@code target}'s from {@code to} on. */
    public void copy(SocketBuffer source, int from, SocketBuffer target, int to, int length) {
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, source.runAt(from + done));
            write(target, to + done, source.addressAt(from + done), piece);
            done += piece;
        }
    }

    /** Copies {@code length} bytes at {@code source} into {@code target}'s from {@code to} on. */
    public void write(SocketBuffer target, int to, long source, int length) {
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, target.runAt(to + done));
            memory.copy(target.addressAt(to + done), source + done, piece);
            done += piece;
        }
    }

    /** Copies {@code length} bytes of a packet from {@code from} on to an address. */
    public void read(SocketBuffer source, int from, long target, int length) {
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, source.runAt(from + done));
            memory.copy(target + done, source.addressAt(from + done), piece);
            done += piece;
        }
    }

    private static boolean liesInOnePage(long address, int length) {
        return ((int) address & PAGE_MASK) + length <= PhysicalMemory.PAGE_SIZE;
    }

    /** The ports at the beginning of a TCP or UDP header: source in the upper half. */
    public int ports(long transportAddress) {
        return i32(transportAddress);
    }

    private byte[] page(long address) {
        return memory.read((int) (address >> PhysicalMemory.PAGE_SHIFT));
    }

    /** A block that begins at an odd place counts with its bytes swapped (RFC 1071, 2(B)). */
    private static int join(int sum, int block, int at) {
        return InternetChecksum.add(sum, (at & 1) == 0 ? block : InternetChecksum.swap(block));
    }
}
