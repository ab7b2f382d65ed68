package org.ioatlab.wire.capture;

import org.ioatlab.wire.FrameLayout;

/**
 * Chooses frames by an expression in a small part of tcpdump's language (pcap-filter(7)):
 *
 * <pre>
 * ip  ip6  arp  tcp  udp  icmp  icmp6  vlan [ID]
 * [src|dst] host ADDRESS      [src|dst] port NUMBER      greater LENGTH      less LENGTH
 * and (&amp;&amp;)  or (||)  not (!)  ( )
 * </pre>
 *
 * As there, {@code and} and {@code or} bind equally and from left to right, {@code greater} and {@code less} include
 * the length itself, and {@code tcp port 80} is {@code tcp and port 80}. Unlike there, {@code vlan} does not change the
 * meaning of what follows it: all conditions look through tags. The empty expression matches every frame.
 */
public final class CaptureFilter {
    /** Longest expression in characters. */
    public static final int MAX_LENGTH = 1024;

    private final String expression;
    private final FilterNode root;

    private CaptureFilter(String expression, FilterNode root) {
        this.expression = expression;
        this.root = root;
    }

    /**
     * Reads an expression.
     *
     * @throws FilterSyntaxException when it is not of the language above or longer than {@link #MAX_LENGTH}
     */
    public static CaptureFilter parse(String expression) throws FilterSyntaxException {
        if (expression.length() > MAX_LENGTH) {
            throw new FilterSyntaxException(
                    MAX_LENGTH + 1, "the end", "an expression of " + expression.length() + " characters");
        }
        return new CaptureFilter(expression, new FilterParser(expression).parse());
    }

    /** Whether the frame that {@code layout} was parsed from is chosen. Allocates nothing. */
    public boolean matches(byte[] frame, FrameLayout layout) {
        return root.matches(frame, layout);
    }

    /** The expression as it was given. */
    @Override
    public String toString() {
        return expression;
    }
}
