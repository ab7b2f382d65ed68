package org.ioatlab.kernel.dmaengine;

/**
 * Which kernel's DMA subsystem a machine runs: that of the 2005 paper, or one of those that were released.
 *
 * <p>Sources: OLS 2005 paper, section 4.2; Linux 2.6.18, 2.6.24 and 3.12, {@code drivers/dma}.
 */
public enum Personality {
    /** The paper's: every copy starts at once, waiting sleeps, a failed copy reads as an error. */
    OLS2005("ols2005", 1, 1, 128, true),
    LINUX_2_6_18("linux-2.6.18", 1, 20, 128, false),
    LINUX_2_6_24("linux-2.6.24", 1, 4, 256, false),
    LINUX_3_12("linux-3.12", 2, 4, 256, false);

    private final String label;
    private final int firstCookie;
    private final int appendThreshold;
    private final int initialDescriptors;
    private final boolean reportsErrors;

    Personality(String label, int firstCookie, int appendThreshold, int initialDescriptors, boolean reportsErrors) {
        this.label = label;
        this.firstCookie = firstCookie;
        this.appendThreshold = appendThreshold;
        this.initialDescriptors = initialDescriptors;
        this.reportsErrors = reportsErrors;
    }

    /** The name that users write and read. */
    public String label() {
        return label;
    }

    /** The first cookie of a fresh channel. */
    public int firstCookie() {
        return firstCookie;
    }

    /** Descriptors that gather before the engine is told of them. */
    public int appendThreshold() {
        return appendThreshold;
    }

    /** Descriptors that a channel starts with. */
    public int initialDescriptors() {
        return initialDescriptors;
    }

    /** Whether there is a wait that sleeps until the engine interrupts; later kernels only poll. */
    public boolean waitsAsleep() {
        return this == OLS2005;
    }

    /** Whether the status of a failed copy is {@code DMA_ERROR} instead of {@code DMA_IN_PROGRESS} for ever. */
    public boolean reportsErrors() {
        return reportsErrors;
    }
}
