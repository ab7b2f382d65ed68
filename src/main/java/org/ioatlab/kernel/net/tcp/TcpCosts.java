package org.ioatlab.kernel.net.tcp;

/**
 * What TCP's functions cost, cycles.
 *
 * @param receive finding the connection and validating the segment ({@code tcp_v4_rcv})
 * @param established the established state's processing ({@code tcp_rcv_established})
 * @param slowPath what the slow path adds ({@code tcp_data_queue} and validation)
 * @param acknowledge working off an acknowledgment ({@code tcp_ack})
 * @param event bookkeeping of received data ({@code tcp_event_data_recv})
 * @param selectWindow working out the window ({@code __tcp_select_window})
 * @param transmit building a segment ({@code tcp_transmit_skb})
 * @param timer running a timer's function
 */
public record TcpCosts(
        long receive,
        long established,
        long slowPath,
        long acknowledge,
        long event,
        long selectWindow,
        long transmit,
        long timer) {
    /** For hosts whose work isn't charged. */
    public static final TcpCosts FREE = new TcpCosts(0, 0, 0, 0, 0, 0, 0, 0);
}
