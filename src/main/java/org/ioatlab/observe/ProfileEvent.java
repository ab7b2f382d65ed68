package org.ioatlab.observe;

/** What a profile's samples are counted by, under the names that oprofile has for NetBurst. */
public enum ProfileEvent {
    /** Cycles in which the processor isn't halted. */
    GLOBAL_POWER_EVENTS("time during which processor is not stopped"),
    /** Misses of the second-level cache. */
    BSQ_CACHE_REFERENCE("cache references seen by the bus unit");

    private final String description;

    ProfileEvent(String description) {
        this.description = description;
    }

    /** What oprofile says about it. */
    public String description() {
        return description;
    }
}
