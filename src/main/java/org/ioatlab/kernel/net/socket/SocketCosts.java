package org.ioatlab.kernel.net.socket;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.net.tcp.TcpCosts;

/** What the socket layer's functions cost, cycles; the fields are named after their parameters. */
record SocketCosts(
        long systemCall,
        long prequeue,
        long lock,
        long wake,
        long receive,
        long send,
        long poll,
        long create,
        long option,
        long sumCopyPerKilobyte,
        long checksumPerKilobyte) {
    private static final int BYTES_PER_KILOBYTE = 1000;

    static SocketCosts of(Platform platform) {
        return new SocketCosts(
                platform.get(Parameter.SYSTEM_CALL_CYCLES),
                platform.get(Parameter.PREQUEUE_CYCLES),
                platform.get(Parameter.SOCKET_LOCK_CYCLES),
                platform.get(Parameter.SOCKET_WAKE_CYCLES),
                platform.get(Parameter.SOCKET_RECEIVE_CYCLES),
                platform.get(Parameter.SOCKET_SEND_CYCLES),
                platform.get(Parameter.SOCKET_POLL_CYCLES),
                platform.get(Parameter.SOCKET_CREATE_CYCLES),
                platform.get(Parameter.SOCKET_OPTION_CYCLES),
                platform.get(Parameter.SUM_COPY_CYCLES_PER_KILOBYTE),
                platform.get(Parameter.CHECKSUM_CYCLES_PER_KILOBYTE));
    }

    static TcpCosts tcp(Platform platform) {
        return new TcpCosts(
                platform.get(Parameter.TCP_RECEIVE_CYCLES),
                platform.get(Parameter.TCP_ESTABLISHED_CYCLES),
                platform.get(Parameter.TCP_SLOW_PATH_CYCLES),
                platform.get(Parameter.TCP_ACKNOWLEDGMENT_CYCLES),
                platform.get(Parameter.TCP_DATA_EVENT_CYCLES),
                platform.get(Parameter.TCP_WINDOW_CYCLES),
                platform.get(Parameter.TCP_TRANSMIT_CYCLES),
                platform.get(Parameter.TCP_TIMER_CYCLES));
    }

    /** Cycles for {@code bytes} at {@code perKilobyte}, rounded up. */
    static long of(int bytes, long perKilobyte) {
        return (bytes * perKilobyte + BYTES_PER_KILOBYTE - 1) / BYTES_PER_KILOBYTE;
    }
}
