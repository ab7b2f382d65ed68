package org.ioatlab.kernel.net.ip;

import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/** {@code /proc/net/arp}. */
final class NeighbourText {
    private static final int INCOMPLETE = 0;
    private static final int COMPLETE = 2;

    private NeighbourText() {}

    static String arp(@Nullable Neighbour oldest, Interfaces interfaces) {
        StringBuilder text =
                new StringBuilder("IP address       HW type     Flags       HW address            Mask     Device\n");
        for (Neighbour each = oldest; each != null; each = each.newer) {
            if (!each.ipv6) {
                text.append("%-16s 0x%-10x0x%-10x%s     *        %s\n"
                        .formatted(
                                IpAddress.ipv4((int) each.low),
                                1,
                                each.isResolved() ? COMPLETE : INCOMPLETE,
                                new MacAddress(each.mac),
                                interfaces.device(each.device).name()));
            }
        }
        return text.toString();
    }
}
