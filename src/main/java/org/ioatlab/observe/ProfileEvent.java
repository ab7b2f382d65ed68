package org.ioatlab.observe;

/** What a profile's samples are counted by, under the names that oprofile has for NetBurst. */
public enum ProfileEvent {
    /** Cycles in which the processor isn't halted. */
    GLOBAL_POWER_EVENTS("time during which processor is not stopped", "0x01 (mandatory)"),
    /** Misses of the second-level cache. */
    BSQ_CACHE_REFERENCE("cache references seen by the bus unit", "0x100 (read 2nd level cache miss)");

    private final String description;
    private final String unitMask;

    ProfileEvent(String description, String unitMask) {
        this.description = description;
        this.unitMask = unitMask;
    }

    /** What oprofile says about it. */
    public String description() {
        return description;
    }

    /** The unit mask that says which of them. */
    public String unitMask() {
        return unitMask;
    }
}
