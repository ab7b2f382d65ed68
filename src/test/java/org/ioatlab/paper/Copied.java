package org.ioatlab.paper;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ioatlab.kernel.net.offload.OffloadRefusal;
import org.ioatlab.machine.SocketViews;

/** What a read says of its copies. */
final class Copied {
    private final Map<String, Long> reasons = new LinkedHashMap<>();
    private final Map<String, Long> notEarly = new LinkedHashMap<>();
    private long engineBytes;
    private long earlyBytes;
    private long cpuBytes;

    static Copied copied() {
        return new Copied();
    }

    /** By the engine, before the reader ran. */
    Copied early(long bytes) {
        earlyBytes += bytes;
        engineBytes += bytes;
        return this;
    }

    /** By the engine, while the reader ran. */
    Copied engine(long bytes) {
        engineBytes += bytes;
        return this;
    }

    Copied cpu(OffloadRefusal why, long bytes) {
        reasons.put(why.name(), bytes);
        cpuBytes += bytes;
        return this;
    }

    Copied late(OffloadRefusal why, long bytes) {
        notEarly.put(why.name(), bytes);
        return this;
    }

    SocketViews.Offload is() {
        return new SocketViews.Offload(engineBytes, earlyBytes, cpuBytes, reasons, notEarly);
    }
}
