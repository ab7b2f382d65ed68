package org.ioatlab.wire;

/**
 * An Ethernet address.
 *
 * @param bits its 48 bits, first byte on the wire most significant
 */
public record MacAddress(long bits) {
    /** All ones: every station. */
    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    private static final long GROUP_BIT = 1L << 40;
    private static final int TEXT_LENGTH = 17;

    /** @throws IllegalArgumentException when {@code bits} needs more than 48 bits */
    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("a MAC address has 48 bits: 0x" + Long.toHexString(bits));
        }
    }

    /** Whether a 48-bit address is a group's: multicast or broadcast. */
    public static boolean isGroup(long bits) {
        return (bits & GROUP_BIT) != 0;
    }

    /**
     * Reads six pairs of hexadecimal digits with {@code :} or {@code -} between them.
     *
     * @throws IllegalArgumentException when {@code text} is anything else
     */
    public static MacAddress parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            throw notAnAddress(text);
        }
        long bits = 0;
        for (int at = 0; at < TEXT_LENGTH; at += 3) {
            bits = bits << 8 | pair(text, at);
        }
        return new MacAddress(bits);
    }

    private static int pair(String text, int at) {
        int high = hexDigit(text.charAt(at));
        int low = hexDigit(text.charAt(at + 1));
        char separator = at + 2 < TEXT_LENGTH ? text.charAt(at + 2) : text.charAt(2);
        if (high < 0 || low < 0 || separator != text.charAt(2) || (separator != ':' && separator != '-')) {
            throw notAnAddress(text);
        }
        return high << 4 | low;
    }

    /** Value of an ASCII hexadecimal digit, or -1. */
    static int hexDigit(char digit) {
        return digit < 128 ? Character.digit(digit, 16) : -1;
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("not a MAC address: \"" + text + "\"");
    }

    /** Whether this is a group's address: multicast or broadcast. */
    public boolean isGroup() {
        return isGroup(bits);
    }

    /** Six lower-case pairs with {@code :} between them. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(TEXT_LENGTH);
        for (int shift = 40; shift >= 0; shift -= 8) {
            int octet = (int) (bits >>> shift) & 0xff;
            text.append(Character.forDigit(octet >>> 4, 16)).append(Character.forDigit(octet & 0xf, 16));
            text.append(shift > 0 ? ":" : "");
        }
        return text.toString();
    }
}
