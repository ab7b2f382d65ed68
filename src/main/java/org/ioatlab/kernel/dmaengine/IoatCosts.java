package org.ioatlab.kernel.dmaengine;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;

/** What the driver's steps cost a processor, in cycles. */
record IoatCosts(
        long submitDescriptor,
        long doorbell,
        long poll,
        long memoryLatency,
        long cleanupDescriptor,
        long mmioRead,
        long mmioWrite) {

    static IoatCosts of(Platform platform) {
        return new IoatCosts(
                platform.get(Parameter.SUBMIT_DESCRIPTOR_CYCLES),
                platform.get(Parameter.DOORBELL_CYCLES),
                platform.get(Parameter.COMPLETION_POLL_CYCLES),
                platform.get(Parameter.MEMORY_LATENCY_CYCLES),
                platform.get(Parameter.CLEANUP_DESCRIPTOR_CYCLES),
                platform.get(Parameter.MMIO_READ_CYCLES),
                platform.get(Parameter.MMIO_WRITE_CYCLES));
    }
}
