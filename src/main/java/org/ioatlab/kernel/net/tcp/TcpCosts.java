package org.ioatlab.kernel.net.tcp;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;

/**
 * What TCP's functions cost, cycles.
 *
 * @param receive finding the connection, and its socket's lock ({@code tcp_v4_rcv})
 * @param established the established state's processing ({@code tcp_rcv_established})
 * @param slowPath what the slow path adds ({@code tcp_data_queue} and validation)
 * @param acknowledge working off an acknowledgment ({@code tcp_ack})
 * @param event bookkeeping of received data ({@code tcp_event_data_recv})
 * @param acknowledgeNow whether to acknowledge now ({@code __tcp_ack_snd_check})
 * @param acknowledgeLater putting an acknowledgment off ({@code tcp_send_delayed_ack})
 * @param afterRead whether a reader has opened the window ({@code cleanup_rbuf})
 * @param selectWindow working out the window ({@code __tcp_select_window})
 * @param sendAcknowledgment setting up a segment without data ({@code tcp_send_ack})
 * @param transmit building a segment ({@code tcp_transmit_skb})
 * @param timer running a timer's function
 */
public record TcpCosts(
        CostList receive,
        CostList established,
        long slowPath,
        long acknowledge,
        CostList event,
        CostList acknowledgeNow,
        CostList acknowledgeLater,
        CostList afterRead,
        long selectWindow,
        CostList sendAcknowledgment,
        CostList transmit,
        long timer) {
    /** For hosts whose work isn't charged. */
    public static final TcpCosts FREE = new TcpCosts(
            CostList.NONE,
            CostList.NONE,
            0,
            0,
            CostList.NONE,
            CostList.NONE,
            CostList.NONE,
            CostList.NONE,
            0,
            CostList.NONE,
            CostList.NONE,
            0);

    /** On a platform, for one machine. */
    public static TcpCosts of(Platform platform) {
        return new TcpCosts(
                platform.functions()
                        .add(Symbol.TCP_V4_RCV, Parameter.TCP_RECEIVE_CYCLES)
                        .add(Symbol.TCP_V4_CHECKSUM_INIT, Parameter.TCP_V4_CHECKSUM_INIT_CYCLES)
                        .add(Symbol.SPIN_LOCK, Parameter.SPIN_LOCK_CYCLES)
                        .list(),
                platform.functions()
                        .add(Symbol.TCP_V4_DO_RCV, Parameter.TCP_V4_DO_RCV_CYCLES)
                        .add(Symbol.TCP_RCV_ESTABLISHED, Parameter.TCP_ESTABLISHED_CYCLES)
                        .list(),
                platform.get(Parameter.TCP_SLOW_PATH_CYCLES),
                platform.get(Parameter.TCP_ACKNOWLEDGMENT_CYCLES),
                platform.functions()
                        .add(Symbol.TCP_EVENT_DATA_RECV, Parameter.TCP_DATA_EVENT_CYCLES)
                        .add(Symbol.TCP_RCV_RTT_UPDATE, Parameter.TCP_RCV_RTT_UPDATE_CYCLES)
                        .add(Symbol.TCP_MEASURE_RCV_MSS, Parameter.TCP_MEASURE_RCV_MSS_CYCLES)
                        .add(Symbol.TCP_GROW_WINDOW, Parameter.TCP_GROW_WINDOW_CYCLES)
                        .list(),
                platform.functions()
                        .add(Symbol.TCP_ACK_SND_CHECK, Parameter.TCP_ACK_SND_CHECK_CYCLES)
                        .list(),
                platform.functions()
                        .add(Symbol.TCP_SEND_DELAYED_ACK, Parameter.TCP_SEND_DELAYED_ACK_CYCLES)
                        .add(Symbol.SK_RESET_TIMER, Parameter.SK_RESET_TIMER_CYCLES)
                        .list(),
                platform.functions()
                        .add(Symbol.CLEANUP_RBUF, Parameter.CLEANUP_RBUF_CYCLES)
                        .list(),
                platform.get(Parameter.TCP_WINDOW_CYCLES),
                platform.functions()
                        .add(Symbol.TCP_SEND_ACK, Parameter.TCP_SEND_ACK_CYCLES)
                        .list(),
                platform.functions()
                        .add(Symbol.TCP_TRANSMIT_SKB, Parameter.TCP_TRANSMIT_CYCLES)
                        .add(Symbol.TCP_V4_SEND_CHECK, Parameter.TCP_V4_SEND_CHECK_CYCLES)
                        .list(),
                platform.get(Parameter.TCP_TIMER_CYCLES));
    }
}
