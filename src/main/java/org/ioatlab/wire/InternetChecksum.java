package org.ioatlab.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071). A <em>sum</em> here is the 16-bit ones' complement sum of big-endian words, 0 to
 * 65535; a <em>checksum</em> is its complement, as headers carry it. An odd last byte counts as the high half of a word.
 */
public final class InternetChecksum {
    private static final VarHandle NATIVE_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final boolean SWAPPED = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long LOW = 0xffff_ffffL;

    private InternetChecksum() {}

    /** The sum over {@code length} bytes from {@code offset}; any offset and length. */
    public static int sum(byte[] bytes, int offset, int length) {
        int wide = length & ~7;
        int sum = fold(wideSum(bytes, offset, offset + wide));
        // RFC 1071, 2(B): summing in the machine's own byte order gives the byte-swapped sum.
        return add(SWAPPED ? swap(sum) : sum, tailSum(bytes, offset + wide, offset + length));
    }

    private static long wideSum(byte[] bytes, int from, int to) {
        long even = 0;
        long odd = 0;
        int at = from;
        for (; at <= to - 16; at += 16) {
            long first = (long) NATIVE_LONG.get(bytes, at);
            long second = (long) NATIVE_LONG.get(bytes, at + 8);
            even += (first & LOW) + (first >>> 32);
            odd += (second & LOW) + (second >>> 32);
        }
        if (at < to) {
            long last = (long) NATIVE_LONG.get(bytes, at);
            even += (last & LOW) + (last >>> 32);
        }
        return even + odd;
    }

    private static int tailSum(byte[] bytes, int from, int to) {
        int sum = 0;
        for (int at = from; at < to; at++) {
            sum += (bytes[at] & 0xff) << (((at - from) & 1) == 0 ? 8 : 0);
        }
        return fold(sum);
    }

    private static int fold(long sum) {
        long folded = (sum & LOW) + (sum >>> 32);
        folded = (folded & 0xffff) + (folded >>> 16);
        folded = (folded & 0xffff) + (folded >>> 16);
        return (int) ((folded & 0xffff) + (folded >>> 16));
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
        int addresses = sum(frame, ipOffset + Ipv4.SOURCE, 2 * Ipv4.ADDRESS_LENGTH);
        return fold((long) addresses + protocol + transportLength);
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
