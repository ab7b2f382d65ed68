package org.ioatlab.wire;

/** Text forms of addresses: reading by RFC 4291, 2.2, writing by RFC 5952. */
final class IpAddressText {
    private static final int GROUPS = 8;

    private IpAddressText() {}

    static IpAddress parse(String text) {
        return text.indexOf(':') < 0 ? IpAddress.ipv4(dotted(text, text)) : ipv6(text);
    }

    private static int dotted(String part, String whole) {
        String[] octets = part.split("\\.", -1);
        if (octets.length != 4) {
            throw notAnAddress(whole);
        }
        int bits = 0;
        for (String octet : octets) {
            bits = bits << 8 | number(octet, 10, 3, 0xff, whole);
        }
        return bits;
    }

    private static int number(String digits, int radix, int maxDigits, int max, String whole) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char character = digits.charAt(i);
            int digit = character < 128 ? Character.digit(character, radix) : -1;
            value = digit < 0 || i >= maxDigits ? max + 1 : value * radix + digit;
        }
        // A leading zero in dotted decimal means octal to some readers (RFC 6943, 3.1.1): refused.
        boolean octalLooking = radix == 10 && digits.length() > 1 && digits.charAt(0) == '0';
        if (digits.isEmpty() || value > max || octalLooking) {
            throw notAnAddress(whole);
        }
        return value;
    }

    private static IpAddress ipv6(String text) {
        int gap = text.indexOf("::");
        String[] before = gap < 0 ? text.split(":", -1) : groups(text.substring(0, gap));
        String[] after = gap < 0 ? new String[0] : groups(text.substring(gap + 2));
        int[] words = new int[GROUPS];
        int head = words(before, words, 0, after.length == 0 && gap < 0, text);
        int[] tailWords = new int[GROUPS];
        int tail = words(after, tailWords, 0, true, text);
        if (gap < 0 ? head != GROUPS : head + tail >= GROUPS) {
            throw notAnAddress(text);
        }
        System.arraycopy(tailWords, 0, words, GROUPS - tail, tail);
        return IpAddress.ipv6(half(words, 0), half(words, GROUPS / 2));
    }

    private static String[] groups(String part) {
        return part.isEmpty() ? new String[0] : part.split(":", -1);
    }

    /** Stores the parts as 16-bit words and says how many; only the address's last part may be dotted decimal. */
    private static int words(String[] parts, int[] words, int from, boolean last, String whole) {
        int count = from;
        for (int i = 0; i < parts.length; i++) {
            boolean dotted = last && i == parts.length - 1 && parts[i].indexOf('.') >= 0;
            if (count + (dotted ? 2 : 1) > GROUPS) {
                throw notAnAddress(whole);
            }
            if (dotted) {
                int bits = dotted(parts[i], whole);
                words[count++] = bits >>> 16;
                words[count++] = bits & 0xffff;
            } else {
                words[count++] = number(parts[i], 16, 4, 0xffff, whole);
            }
        }
        return count;
    }

    private static long half(int[] words, int from) {
        return (long) words[from] << 48 | (long) words[from + 1] << 32 | (long) words[from + 2] << 16 | words[from + 3];
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("not an IP address: \"" + text + "\"");
    }

    static String format(IpAddress address) {
        if (address.isIpv4()) {
            return dottedText(address.ipv4Bits());
        }
        // RFC 5952, 5: addresses known to embed IPv4 are written with its dotted form.
        boolean mapped = address.high() == 0 && address.low() >>> 32 == 0xffff;
        return mapped ? "::ffff:" + dottedText((int) address.low()) : ipv6Text(address);
    }

    private static String dottedText(int bits) {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }

    private static String ipv6Text(IpAddress address) {
        int gap = longestZeroRun(address);
        int gapEnd = gap < 0 ? -1 : gap + zeroRun(address, gap);
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i = gapEnd - 1;
            } else {
                text.append(i == 0 || i == gapEnd ? "" : ":").append(Integer.toHexString(word(address, i)));
            }
        }
        return text.toString();
    }

    /** The first of the longest runs of at least two zero groups, or -1 (RFC 5952, 4.2.2 and 4.2.3). */
    private static int longestZeroRun(IpAddress address) {
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int length = zeroRun(address, i);
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
        }
        return best;
    }

    private static int zeroRun(IpAddress address, int from) {
        int at = from;
        while (at < GROUPS && word(address, at) == 0) {
            at++;
        }
        return at - from;
    }

    private static int word(IpAddress address, int index) {
        long half = index < GROUPS / 2 ? address.high() : address.low();
        int shift = (3 - index % 4) * 16;
        return (int) (half >>> shift) & 0xffff;
    }
}
