package org.ioatlab.wire;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The Toeplitz hash of receive-side scaling under one key. For each input bit that is set, most significant first, the
 * 32 key bits that begin at that bit are added in; a table per input byte turns that into one look-up a byte. The input
 * is source address, destination address and, where asked for, source port and destination port, as they stand in the
 * headers. Immutable.
 *
 * <p>Source: Microsoft, "RSS hashing functions" and "Verifying the RSS hash calculation".
 */
public final class ToeplitzHash {
    /** Length of a key in bytes. */
    public static final int KEY_LENGTH = 40;

    /** Longest input: two IPv6 addresses and two ports. */
    public static final int MAX_INPUT_LENGTH = KEY_LENGTH - Integer.BYTES;

    private static final int VALUES = 256;
    private static final int IPV4_PORTS = 2 * Ipv4.ADDRESS_LENGTH;
    private static final int IPV6_PORTS = 2 * Ipv6.ADDRESS_LENGTH;

    /** The hash under Microsoft's default key, which Intel's drivers of the igb and i40e families use too. */
    public static final ToeplitzHash DEFAULT = new ToeplitzHash(HexFormat.of()
            .parseHex("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa"));

    private final byte[] key;
    private final int[] table;

    /** @throws IllegalArgumentException when the key is not {@link #KEY_LENGTH} bytes long */
    public ToeplitzHash(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("an RSS key has " + KEY_LENGTH + " bytes, not " + key.length);
        }
        this.key = key.clone();
        this.table = table(key);
    }

    /** The hash under {@code key}: {@link #DEFAULT} itself for its key, so that its table is shared. */
    public static ToeplitzHash of(byte[] key) {
        return Arrays.equals(key, DEFAULT.key) ? DEFAULT : new ToeplitzHash(key);
    }

    private static int[] table(byte[] key) {
        int[] table = new int[MAX_INPUT_LENGTH * VALUES];
        for (int position = 0; position < MAX_INPUT_LENGTH; position++) {
            for (int value = 1; value < VALUES; value++) {
                int rest = table[position * VALUES + (value & (value - 1))];
                int bit = 7 - Integer.numberOfTrailingZeros(value);
                table[position * VALUES + value] = rest ^ window(key, position, bit);
            }
        }
        return table;
    }

    /** The 32 key bits that begin {@code bit} bits into byte {@code position}. */
    private static int window(byte[] key, int position, int bit) {
        long wide = BigEndian.u32(key, position) << 8 | BigEndian.u8(key, position + 4);
        return (int) (wide >>> (8 - bit));
    }

    /** A copy of the key. */
    public byte[] key() {
        return key.clone();
    }

    /** The hash of {@code length} bytes, at most {@link #MAX_INPUT_LENGTH}. */
    public int hash(byte[] input, int offset, int length) {
        return hash(input, offset, length, 0);
    }

    private int hash(byte[] input, int offset, int length, int position) {
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash ^= table[(position + i) * VALUES + (input[offset + i] & 0xff)];
        }
        return hash;
    }

    /** The hash of the addresses in the IPv4 header at {@code ipOffset}. */
    public int ipv4(byte[] frame, int ipOffset) {
        return hash(frame, ipOffset + Ipv4.SOURCE, IPV4_PORTS, 0);
    }

    /** The hash of the addresses of an IPv4 header and the ports of the TCP or UDP header behind it. */
    public int ipv4WithPorts(byte[] frame, int ipOffset, int transportOffset) {
        return ipv4(frame, ipOffset) ^ hash(frame, transportOffset, 4, IPV4_PORTS);
    }

    /** The hash of the addresses in the IPv6 header at {@code ipOffset}. */
    public int ipv6(byte[] frame, int ipOffset) {
        return hash(frame, ipOffset + Ipv6.SOURCE, IPV6_PORTS, 0);
    }

    /** The hash of the addresses of an IPv6 header and the ports of the TCP or UDP header behind it. */
    public int ipv6WithPorts(byte[] frame, int ipOffset, int transportOffset) {
        return ipv6(frame, ipOffset) ^ hash(frame, transportOffset, 4, IPV6_PORTS);
    }

    /**
     * The hash of two addresses.
     *
     * @throws IllegalArgumentException when they are of different families
     */
    public int hash(IpAddress source, IpAddress destination) {
        byte[] input = new byte[MAX_INPUT_LENGTH];
        return hash(input, 0, putAddresses(input, source, destination), 0);
    }

    /**
     * The hash of two addresses and two ports.
     *
     * @throws IllegalArgumentException when the addresses are of different families
     */
    public int hash(IpAddress source, IpAddress destination, int sourcePort, int destinationPort) {
        byte[] input = new byte[MAX_INPUT_LENGTH];
        int length = putAddresses(input, source, destination);
        BigEndian.put16(input, length, sourcePort);
        BigEndian.put16(input, length + 2, destinationPort);
        return hash(input, 0, length + 4, 0);
    }

    private static int putAddresses(byte[] input, IpAddress source, IpAddress destination) {
        if (source.family() != destination.family()) {
            throw new IllegalArgumentException("addresses of different families: " + source + ", " + destination);
        }
        int length = put(input, 0, source);
        return put(input, length, destination);
    }

    private static int put(byte[] input, int at, IpAddress address) {
        if (address.isIpv4()) {
            BigEndian.put32(input, at, address.ipv4Bits());
            return at + Ipv4.ADDRESS_LENGTH;
        }
        BigEndian.put64(input, at, address.high());
        BigEndian.put64(input, at + Long.BYTES, address.low());
        return at + Ipv6.ADDRESS_LENGTH;
    }
}
