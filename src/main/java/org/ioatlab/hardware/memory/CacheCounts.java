package org.ioatlab.hardware.memory;

/**
 * Lines that were accessed, by where they were found.
 *
 * @param firstLevel in the core's own cache
 * @param secondLevel in the cache behind it
 * @param otherCaches changed, in a cache of other cores
 * @param memory in no cache: misses
 */
public record CacheCounts(long firstLevel, long secondLevel, long otherCaches, long memory) {
    /** Nothing accessed. */
    public static final CacheCounts NONE = new CacheCounts(0, 0, 0, 0);

    /** All lines that were accessed. */
    public long accesses() {
        return firstLevel + secondLevel + otherCaches + memory;
    }

    /** Those that no cache of the core's own had. */
    public long misses() {
        return otherCaches + memory;
    }

    /** Both together. */
    public CacheCounts plus(CacheCounts other) {
        return new CacheCounts(
                firstLevel + other.firstLevel,
                secondLevel + other.secondLevel,
                otherCaches + other.otherCaches,
                memory + other.memory);
    }
}
