package org.ioatlab.workload.packetdrill.live;

import java.util.OptionalLong;
import org.ioatlab.kernel.net.tcp.TcpInfo;

/** {@code TCP_INFO} by the names of {@code struct tcp_info}. */
final class TcpFigures {
    private TcpFigures() {}

    static OptionalLong of(TcpInfo info, String name) {
        return switch (name) {
            case "tcpi_state" -> OptionalLong.of(info.state());
            case "tcpi_ca_state" -> OptionalLong.of(info.congestionState());
            case "tcpi_retransmits" -> OptionalLong.of(info.retransmits());
            case "tcpi_probes" -> OptionalLong.of(info.probes());
            case "tcpi_backoff" -> OptionalLong.of(info.backoff());
            case "tcpi_options" ->
                OptionalLong.of((info.timestamps() ? 1 : 0) | (info.sack() ? 2 : 0) | (info.windowScale() ? 4 : 0));
            case "tcpi_snd_wscale" -> OptionalLong.of(info.sendScale());
            case "tcpi_rcv_wscale" -> OptionalLong.of(info.receiveScale());
            case "tcpi_rto" -> OptionalLong.of(info.rtoUs());
            case "tcpi_ato" -> OptionalLong.of(info.atoUs());
            case "tcpi_snd_mss" -> OptionalLong.of(info.sndMss());
            case "tcpi_rcv_mss" -> OptionalLong.of(info.rcvMss());
            case "tcpi_unacked" -> OptionalLong.of(info.unacked());
            case "tcpi_sacked" -> OptionalLong.of(info.sacked());
            case "tcpi_lost" -> OptionalLong.of(info.lost());
            case "tcpi_retrans" -> OptionalLong.of(info.retrans());
            case "tcpi_fackets", "tcpi_last_ack_sent" -> OptionalLong.of(0);
            case "tcpi_last_data_sent" -> OptionalLong.of(info.lastDataSentMs());
            case "tcpi_last_data_recv" -> OptionalLong.of(info.lastDataReceivedMs());
            case "tcpi_pmtu" -> OptionalLong.of(info.pathMtu());
            case "tcpi_rcv_ssthresh" -> OptionalLong.of(info.rcvSsthresh());
            case "tcpi_rtt" -> OptionalLong.of(info.rttUs());
            case "tcpi_rttvar" -> OptionalLong.of(info.rttvarUs());
            case "tcpi_snd_ssthresh" -> OptionalLong.of(info.sndSsthresh());
            case "tcpi_snd_cwnd" -> OptionalLong.of(info.sndCwnd());
            case "tcpi_advmss" -> OptionalLong.of(info.advmss());
            case "tcpi_reordering" -> OptionalLong.of(info.reordering());
            case "tcpi_rcv_space" -> OptionalLong.of(info.rcvSpace());
            case "tcpi_total_retrans" -> OptionalLong.of(info.totalRetrans());
            case "tcpi_snd_wnd" -> OptionalLong.of(info.sndWnd());
            case "tcpi_rcv_wnd" -> OptionalLong.of(info.rcvWnd());
            default -> OptionalLong.empty();
        };
    }
}
