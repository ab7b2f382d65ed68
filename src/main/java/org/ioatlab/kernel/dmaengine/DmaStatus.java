package org.ioatlab.kernel.dmaengine;

/** State of a copy. The order is the kernel's numbering. */
public enum DmaStatus {
    DMA_SUCCESS,
    DMA_IN_PROGRESS,
    DMA_ERROR
}
