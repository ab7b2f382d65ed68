package org.ioatlab.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071). A <em>sum</em> here is the 16-bit ones' complement sum of big-endian words, 0 to
 * 65535; a <em>checksum</em> is its complement, as headers carry it. An odd last byte counts as the high half of a word.
 */
public final class InternetChecksum {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WORD_SHIFT = 3;

    /** Words up to which a plain loop is faster than one of vector instructions. */
    private static final int FEW = 4;

    private static final long LOW = 0xffff_ffffL;

    private InternetChecksum() {}

    /** The sum over {@code length} bytes from {@code offset}; any offset and length. */
    public static int sum(byte[] bytes, int offset, int length) {
        int words = length >>> WORD_SHIFT;
        int tail = offset + (words << WORD_SHIFT);
        long total = words <= FEW ? fewWordsSum(bytes, offset, tail) : wordSum(bytes, offset, words);
        return ofLittleEndian(total + tailSum(bytes, tail, length));
    }

    /**
     * The sum over bytes that were added up in pieces of at most 4 bytes, each read in little-endian order, the first byte of each at an even
     * place: adding in the other byte order gives the byte-swapped sum (RFC 1071, 2(B)).
     */
    public static int ofLittleEndian(long total) {
        return swap(fold(total));
    }

    /** One total, one index and no other state: so the compiler makes vector instructions of it. */
    private static long wordSum(byte[] bytes, int offset, int words) {
        long total = 0;
        for (int i = 0; i < words; i++) {
            long word = (long) LONG.get(bytes, offset + (i << WORD_SHIFT));
            total += (word & LOW) + (word >>> Integer.SIZE);
        }
        return total;
    }

    /** The same for so few words that setting vector instructions up would take longer: those of headers. */
    private static long fewWordsSum(byte[] bytes, int offset, int end) {
        long total = 0;
        for (int at = offset; at < end; at += Long.BYTES) {
            long word = (long) LONG.get(bytes, at);
            total += (word & LOW) + (word >>> Integer.SIZE);
        }
        return total;
    }

    /** The last {@code length} modulo 8 bytes, in little-endian order. */
    private static long tailSum(byte[] bytes, int offset, int length) {
        long total = 0;
        int at = offset;
        if ((length & Integer.BYTES) != 0) {
            total = (int) INT.get(bytes, at) & LOW;
            at += Integer.BYTES;
        }
        if ((length & Short.BYTES) != 0) {
            total += (short) SHORT.get(bytes, at) & 0xffff;
            at += Short.BYTES;
        }
        return (length & 1) == 0 ? total : total + (bytes[at] & 0xff);
    }

    /**
     * The sum that a total of 16-bit or 32-bit words amounts to: adds the halves twice, each time with the carry of the lower half going into
     * the upper one, which is kept.
     */
    static int fold(long total) {
        int folded = (int) ((total + Long.rotateLeft(total, Integer.SIZE)) >>> Integer.SIZE);
        return (folded + Integer.rotateLeft(folded, Short.SIZE)) >>> Short.SIZE;
    }

    /** The ones' complement sum of two sums. */
    public static int add(int sum, int other) {
        int total = sum + other;
        return (total & 0xffff) + (total >>> 16);
    }

    /** What a block's sum adds when the block begins at an odd place of the whole. */
    public static int swap(int sum) {
        return (sum << 8 | sum >>> 8) & 0xffff;
    }

    /** The checksum that belongs to a sum. */
    public static int finish(int sum) {
        return ~sum & 0xffff;
    }

    /** The checksum over {@code length} bytes from {@code offset}: 0 when they include their own right checksum. */
    public static int checksum(byte[] bytes, int offset, int length) {
        return finish(sum(bytes, offset, length));
    }

    /** Sum of the pseudo header (RFC 9293, 3.1) for the IPv4 header at {@code ipOffset}. */
    public static int pseudoHeaderIpv4(byte[] frame, int ipOffset, int protocol, int transportLength) {
        long source = BigEndian.u32(frame, ipOffset + Ipv4.SOURCE);
        long destination = BigEndian.u32(frame, ipOffset + Ipv4.SOURCE + Ipv4.ADDRESS_LENGTH);
        return fold(source + destination + protocol + transportLength);
    }

    /** Sum of the pseudo header (RFC 8200, 8.1) for the IPv6 header at {@code ipOffset}. */
    public static int pseudoHeaderIpv6(byte[] frame, int ipOffset, int protocol, int transportLength) {
        int addresses = sum(frame, ipOffset + Ipv6.SOURCE, 2 * Ipv6.ADDRESS_LENGTH);
        return fold((long) addresses + protocol + transportLength);
    }

    /** Sum of the pseudo header between two addresses of one family. */
    public static int pseudoHeader(IpAddress source, IpAddress destination, int protocol, int transportLength) {
        return fold(wordSum(source) + wordSum(destination) + protocol + transportLength);
    }

    private static long wordSum(IpAddress address) {
        return (address.high() >>> 32) + (address.high() & LOW) + (address.low() >>> 32) + (address.low() & LOW);
    }

    /** The checksum after one 16-bit word under it changed (RFC 1624, equation 3). */
    public static int update(int checksum, int oldWord, int newWord) {
        return finish(fold((long) finish(checksum) + finish(oldWord) + newWord));
    }

    /** The checksum after 32 bits at an even place under it changed, an address or a sequence number. */
    public static int update32(int checksum, int oldBits, int newBits) {
        int high = update(checksum, oldBits >>> 16, newBits >>> 16);
        return update(high, oldBits & 0xffff, newBits & 0xffff);
    }
}
