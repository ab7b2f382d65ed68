package org.ioatlab.hardware.platform;

/** How well a parameter's value is known, best first. */
public enum Grade {
    /** Measured on the hardware by somebody who says how. */
    MEASURED,
    /** Stated by the paper, a data sheet, a manual or the source of a driver. */
    PUBLISHED,
    /** Arithmetic on published or measured values. */
    DERIVED,
    /** Fitted so that the model as a whole gives a published measurement; the source says which. */
    CALIBRATED,
    /** An engineer's estimate without a source. */
    ESTIMATED
}
