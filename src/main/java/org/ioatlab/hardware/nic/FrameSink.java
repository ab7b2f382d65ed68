package org.ioatlab.hardware.nic;

/** The end of a wire at which frames arrive. */
@FunctionalInterface
public interface FrameSink {
    /** A frame has arrived: {@code length} bytes without the frame check sequence, to be read during the call only. */
    void frameArrived(byte[] bytes, int offset, int length);
}
