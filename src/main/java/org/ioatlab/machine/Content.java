package org.ioatlab.machine;

import org.jspecify.annotations.Nullable;

/**
 * The bytes that new memory starts with.
 *
 * @param fill a pattern; null when bytes are given
 * @param bytes the bytes themselves, at most as many as the memory holds, the rest zero; null when a pattern is given
 */
public record Content(@Nullable Fill fill, byte @Nullable [] bytes) {
    /** Patterns. */
    public enum Fill {
        /** All zero. */
        ZERO,
        /** Byte i is i & 0xff. */
        INCREMENTING,
        /** From the machine's own random source. */
        RANDOM
    }
}
