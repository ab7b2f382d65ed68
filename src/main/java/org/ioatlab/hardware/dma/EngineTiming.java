package org.ioatlab.hardware.dma;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.time.Picoseconds;

/**
 * How long the engine takes.
 *
 * @param fetchPs reading a descriptor, up to the first byte of data
 * @param afterCopyPs from the last byte of data to the completion word
 * @param megabytesPerSecond rate of the data path that all channels share
 */
public record EngineTiming(long fetchPs, long afterCopyPs, long megabytesPerSecond) {
    /** The timing of a platform's engine. */
    public static EngineTiming of(Platform platform) {
        return new EngineTiming(
                (platform.get(Parameter.ENGINE_DESCRIPTOR_FETCH_NS) + platform.get(Parameter.ENGINE_BEFORE_COPY_NS))
                        * Picoseconds.PER_NANOSECOND,
                platform.get(Parameter.ENGINE_AFTER_COPY_NS) * Picoseconds.PER_NANOSECOND,
                platform.get(Parameter.ENGINE_MEGABYTES_PER_SECOND));
    }
}
