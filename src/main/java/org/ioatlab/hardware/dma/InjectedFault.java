package org.ioatlab.hardware.dma;

/** A fault that waits for its descriptor, or has struck. */
public final class InjectedFault {
    private final int number;
    private final FaultType type;
    private final int afterDescriptors;
    private int left;
    private long struckAtPs = -1;

    InjectedFault(int number, FaultType type, int afterDescriptors) {
        this.number = number;
        this.type = type;
        this.afterDescriptors = afterDescriptors;
        left = afterDescriptors;
    }

    /** Number within its channel, from 1. */
    public int number() {
        return number;
    }

    /** What goes wrong. */
    public FaultType type() {
        return type;
    }

    /** How many descriptors pass before it strikes. */
    public int afterDescriptors() {
        return afterDescriptors;
    }

    /** When it struck, -1 if it hasn't. */
    public long struckAtPs() {
        return struckAtPs;
    }

    /** Counts one descriptor; whether the fault is due at it. One that is due and can't strike waits for the next. */
    boolean isDue() {
        if (struckAtPs >= 0) {
            return false;
        }
        if (left > 0) {
            left--;
            return false;
        }
        return true;
    }

    void strike(long nowPs) {
        struckAtPs = nowPs;
    }

    int left() {
        return left;
    }
}
