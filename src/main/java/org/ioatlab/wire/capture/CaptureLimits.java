package org.ioatlab.wire.capture;

/**
 * How much of a capture file is accepted.
 *
 * @param maxFrames most frames
 * @param maxBytes longest file in bytes
 */
public record CaptureLimits(int maxFrames, long maxBytes) {
    /** No limit but the size of an array. */
    public static final CaptureLimits NONE = new CaptureLimits(Integer.MAX_VALUE, Long.MAX_VALUE);

    /** @throws IllegalArgumentException when a limit is negative */
    public CaptureLimits {
        if (maxFrames < 0 || maxBytes < 0) {
            throw new IllegalArgumentException(
                    "limits are not negative: " + maxFrames + " frames, " + maxBytes + " bytes");
        }
    }
}
