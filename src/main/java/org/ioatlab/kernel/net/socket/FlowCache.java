package org.ioatlab.kernel.net.socket;

import java.util.Arrays;
import org.ioatlab.kernel.net.ip.IpFlow;
import org.ioatlab.kernel.net.ip.IpOutput;
import org.ioatlab.kernel.net.tcp.Endpoint;
import org.ioatlab.kernel.net.tcp.OutgoingSegment;
import org.jspecify.annotations.Nullable;

/** Ways that packets have lately taken, so that a segment costs no search for its neighbour. */
final class FlowCache {
    private static final int SLOTS = 256;
    private static final long MIXER = 0x9e3779b97f4a7c15L;

    private final IpOutput output;
    private final @Nullable IpFlow[] flows = new @Nullable IpFlow[SLOTS];
    private final int[] cameBy = new int[SLOTS];

    FlowCache(IpOutput output) {
        this.output = output;
        Arrays.fill(cameBy, -1);
    }

    /** The way of a segment. */
    IpFlow of(OutgoingSegment segment) {
        return of(
                !segment.isIpv4(),
                segment.sourceHigh(),
                segment.sourceLow(),
                segment.destinationHigh(),
                segment.destinationLow(),
                segment.device());
    }

    /** The way of an endpoint's segments. */
    IpFlow of(Endpoint endpoint) {
        return of(
                !endpoint.isIpv4(),
                endpoint.localHigh(),
                endpoint.localLow(),
                endpoint.remoteHigh(),
                endpoint.remoteLow(),
                endpoint.device());
    }

    /** The way between two addresses; what is on no interface's network goes out where it came in. */
    IpFlow of(boolean ipv6, long localHigh, long localLow, long remoteHigh, long remoteLow, int device) {
        long mixed = (remoteHigh * 31 + remoteLow + localLow + device) * MIXER;
        int slot = (int) (mixed >>> 32) & SLOTS - 1;
        IpFlow flow = flows[slot];
        if (flow == null) {
            flow = new IpFlow();
            flows[slot] = flow;
        } else if (cameBy[slot] == device && isBetween(flow, ipv6, localHigh, localLow, remoteHigh, remoteLow)) {
            return flow;
        }
        cameBy[slot] = device;
        output.route(flow, ipv6, localHigh, localLow, remoteHigh, remoteLow, device);
        return flow;
    }

    private static boolean isBetween(
            IpFlow flow, boolean ipv6, long localHigh, long localLow, long remoteHigh, long remoteLow) {
        return flow.remoteLow() == remoteLow
                && flow.remoteHigh() == remoteHigh
                && flow.localLow() == localLow
                && flow.localHigh() == localHigh
                && flow.isIpv6() == ipv6;
    }
}
