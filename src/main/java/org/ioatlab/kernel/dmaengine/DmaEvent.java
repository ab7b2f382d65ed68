package org.ioatlab.kernel.dmaengine;

/** What a client is told about a channel. Only the last two are ever raised, as in every released kernel. */
public enum DmaEvent {
    DMA_RESOURCE_SUSPEND,
    DMA_RESOURCE_RESUME,
    DMA_RESOURCE_ADDED,
    DMA_RESOURCE_REMOVED
}
