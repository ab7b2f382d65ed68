package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;

/**
 * What steps of IP cost, in cycles.
 *
 * @param receive checking a header ({@code ip_rcv})
 * @param deliver handing a packet to its protocol ({@code ip_local_deliver})
 * @param transmit writing a header ({@code ip_queue_xmit})
 * @param output the link header from the neighbour's cached one ({@code ip_output})
 * @param fragment sorting one fragment in, or making one
 * @param neighbour one step of neighbour resolution
 * @param icmp one ICMP message
 * @param udpReceive one datagram to its socket
 * @param udpSend one datagram out of its socket
 * @param checksumPerKilobyte summing bytes that lie in memory
 * @param copyPerKilobyte copying bytes that lie in memory
 */
record IpCosts(
        long receive,
        long deliver,
        long transmit,
        long output,
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
                platform.get(Parameter.IP_RECEIVE_CYCLES),
                platform.get(Parameter.IP_DELIVER_CYCLES),
                platform.get(Parameter.IP_TRANSMIT_CYCLES),
                platform.get(Parameter.IP_OUTPUT_CYCLES),
                platform.get(Parameter.IP_FRAGMENT_CYCLES),
                platform.get(Parameter.NEIGHBOUR_CYCLES),
                platform.get(Parameter.ICMP_CYCLES),
                platform.get(Parameter.UDP_RECEIVE_CYCLES),
                platform.get(Parameter.UDP_SEND_CYCLES),
                platform.get(Parameter.CHECKSUM_CYCLES_PER_KILOBYTE),
                platform.get(Parameter.COLD_COPY_CYCLES_PER_KILOBYTE));
    }

    /** Charges for summing {@code length} bytes. */
    void checksum(int length, Processor on) {
        on.spend(Symbol.CSUM_PARTIAL, length * checksumPerKilobyte / KILOBYTE);
    }

    /** Charges for copying {@code length} bytes. */
    void copy(int length, Processor on) {
        on.spend(Symbol.MEMCPY, length * copyPerKilobyte / KILOBYTE);
    }
}
