package org.ioatlab.kernel.dmaengine;

/** The kernel's error numbers that its DMA functions return, negated. */
public enum Errno {
    EIO(5),
    ENOMEM(12),
    EFAULT(14),
    EBUSY(16),
    ENODEV(19);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    /** The negative value that a function returns. */
    public int returned() {
        return -number;
    }
}
