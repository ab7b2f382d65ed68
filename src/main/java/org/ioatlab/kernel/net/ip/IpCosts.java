package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.net.PacketBytes;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;

/**
 * What steps of IP cost, in cycles.
 *
 * @param receive4 checking a header ({@code ip_rcv})
 * @param route4 finding out where a packet goes ({@code ip_rcv_finish}, {@code ip_route_input})
 * @param deliver4 handing a packet to its protocol ({@code ip_local_deliver})
 * @param receive6 the same for IPv6
 * @param route6 the same for IPv6
 * @param deliver6 the same for IPv6
 * @param transmit writing a header ({@code ip_queue_xmit})
 * @param output4 from there to the device, with the link header from the neighbour's cached one ({@code ip_output})
 * @param output6 the same for IPv6
 * @param fragment sorting one fragment in, or making one
 * @param neighbour one step of neighbour resolution
 * @param icmp one ICMP message
 * @param udpReceive one datagram to its socket
 * @param udpSend one datagram out of its socket
 * @param checksumPerKilobyte summing bytes that lie in memory
 * @param copyPerKilobyte copying bytes that lie in memory
 */
record IpCosts(
        CostList receive4,
        CostList route4,
        CostList deliver4,
        CostList receive6,
        CostList route6,
        CostList deliver6,
        long transmit,
        CostList output4,
        CostList output6,
        long fragment,
        long neighbour,
        long icmp,
        long udpReceive,
        long udpSend,
        long checksumPerKilobyte,
        long copyPerKilobyte) {
    private static final int KILOBYTE = 1024;

    static IpCosts of(Platform platform) {
        return new IpCosts(
                receive(platform, Symbol.IP_RCV),
                route(platform, Symbol.IP_RCV_FINISH, Symbol.IP_ROUTE_INPUT),
                deliver(platform, Symbol.IP_LOCAL_DELIVER, Symbol.IP_LOCAL_DELIVER_FINISH),
                receive(platform, Symbol.IPV6_RCV),
                route(platform, Symbol.IP6_RCV_FINISH, Symbol.IP6_ROUTE_INPUT),
                deliver(platform, Symbol.IP6_INPUT, Symbol.IP6_INPUT_FINISH),
                platform.get(Parameter.IP_TRANSMIT_CYCLES),
                output(platform, Symbol.IP_OUTPUT, Symbol.IP_FINISH_OUTPUT, Symbol.IP_FINISH_OUTPUT2),
                output(platform, Symbol.IP6_OUTPUT, Symbol.IP6_OUTPUT2, Symbol.IP6_OUTPUT_FINISH),
                platform.get(Parameter.IP_FRAGMENT_CYCLES),
                platform.get(Parameter.NEIGHBOUR_CYCLES),
                platform.get(Parameter.ICMP_CYCLES),
                platform.get(Parameter.UDP_RECEIVE_CYCLES),
                platform.get(Parameter.UDP_SEND_CYCLES),
                platform.get(Parameter.CHECKSUM_CYCLES_PER_KILOBYTE),
                platform.get(Parameter.COLD_COPY_CYCLES_PER_KILOBYTE));
    }

    private static CostList receive(Platform platform, Symbol check) {
        return platform.functions().add(check, Parameter.IP_RECEIVE_CYCLES).list();
    }

    private static CostList route(Platform platform, Symbol finish, Symbol route) {
        return platform.functions()
                .add(finish, Parameter.IP_RCV_FINISH_CYCLES)
                .add(route, Parameter.IP_ROUTE_INPUT_CYCLES)
                .list();
    }

    private static CostList deliver(Platform platform, Symbol deliver, Symbol finish) {
        return platform.functions()
                .add(deliver, Parameter.IP_DELIVER_CYCLES)
                .add(finish, Parameter.IP_LOCAL_DELIVER_FINISH_CYCLES)
                .list();
    }

    private static CostList output(Platform platform, Symbol output, Symbol finish, Symbol link) {
        return platform.functions()
                .add(output, Parameter.IP_OUTPUT_CYCLES)
                .add(finish, Parameter.IP_FINISH_OUTPUT_CYCLES)
                .add(link, Parameter.IP_FINISH_OUTPUT2_CYCLES)
                .add(Symbol.READ_LOCK, Parameter.READ_LOCK_CYCLES)
                .list();
    }

    /** Charges for summing a packet's bytes. */
    void checksum(SocketBuffer packet, Processor on) {
        int length = packet.length();
        on.spend(Symbol.CSUM_PARTIAL, length * checksumPerKilobyte / KILOBYTE);
        PacketBytes.scan(Symbol.CSUM_PARTIAL, packet, 0, length, on);
    }

    /** Charges for copying {@code length} bytes. */
    void copy(int length, Processor on) {
        on.spend(Symbol.MEMCPY, length * copyPerKilobyte / KILOBYTE);
    }
}
