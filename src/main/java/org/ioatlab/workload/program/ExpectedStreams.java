package org.ioatlab.workload.program;

import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.StreamPattern;
import org.jspecify.annotations.Nullable;

/** Who knows what a connection's other end sends. */
public interface ExpectedStreams {
    /** The stream from {@code remote} to the machine's {@code localPort}; null if it isn't known. */
    @Nullable
    StreamPattern of(IpAddress remote, int remotePort, int localPort);
}
