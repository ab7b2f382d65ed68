package org.ioatlab.hardware.memory;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;

/**
 * Sizes of a platform's caches.
 *
 * @param firstLevelLines lines of a core's own cache
 * @param firstLevelWays lines that may lie in one set
 * @param secondLevelLines lines of the cache behind it
 * @param secondLevelWays the same
 * @param linesPerMiss 2 if a miss brings the other line of its 128-byte sector too
 */
record CacheSizes(
        int firstLevelLines, int firstLevelWays, int secondLevelLines, int secondLevelWays, int linesPerMiss) {
    private static final int LINES_PER_KILOBYTE = 1024 / MemorySystem.LINE_BYTES;

    static CacheSizes of(Platform platform) {
        return new CacheSizes(
                (int) platform.get(Parameter.FIRST_LEVEL_KILOBYTES) * LINES_PER_KILOBYTE,
                (int) platform.get(Parameter.FIRST_LEVEL_WAYS),
                (int) platform.get(Parameter.SECOND_LEVEL_KILOBYTES) * LINES_PER_KILOBYTE,
                (int) platform.get(Parameter.SECOND_LEVEL_WAYS),
                (int) platform.get(Parameter.LINES_PER_MISS));
    }
}
