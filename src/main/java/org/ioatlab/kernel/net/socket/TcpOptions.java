package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.Picoseconds;
import org.jspecify.annotations.Nullable;

/** {@code setsockopt()} and {@code getsockopt()} of a TCP socket. */
final class TcpOptions {
    private static final int LEAST_SEGMENT = 8;
    private static final int LARGEST_SEGMENT = 32_767;
    private static final int LEAST_CLAMP = 128;
    private static final int LONGEST_KEEP_SECONDS = 32_767;
    private static final int MOST_KEEP_PROBES = 127;
    private static final int USUAL_SEGMENT = 536;

    private final TcpSocket socket;
    private final SocketOptions options;

    TcpOptions(TcpSocket socket) {
        this.socket = socket;
        options = socket.options;
    }

    int set(SocketOption option, long value, Processor on) {
        int error = ranges(option, value);
        if (error == 0) {
            error = note(option, value) || noteTcp(option, (int) value) ? 0 : Errors.ENOPROTOOPT.returned();
        }
        TcpConnection connection = socket.connection;
        if (error == 0 && connection != null) {
            apply(option, connection, on);
        }
        return error;
    }

    private static int ranges(SocketOption option, long value) {
        boolean right = switch (option) {
            case TCP_MAXSEG -> value >= LEAST_SEGMENT && value <= LARGEST_SEGMENT;
            case TCP_KEEPIDLE, TCP_KEEPINTVL -> value >= 1 && value <= LONGEST_KEEP_SECONDS;
            case TCP_KEEPCNT -> value >= 1 && value <= MOST_KEEP_PROBES;
            case TCP_SYNCNT -> value >= 1 && value <= MOST_KEEP_PROBES;
            case TCP_WINDOW_CLAMP -> value >= 0;
            default -> true;
        };
        return right ? 0 : Errors.EINVAL.returned();
    }

    private boolean note(SocketOption option, long value) {
        switch (option) {
            case SO_REUSEADDR -> options.reuseAddress = value != 0;
            case SO_KEEPALIVE -> options.keepAlive = value != 0;
            case SO_OOBINLINE -> options.urgentInline = value != 0;
            case SO_RCVBUF -> options.receiveBuffer = buffer(value, SendLimits.LEAST_RECEIVE_BUFFER);
            case SO_SNDBUF -> {
                options.sendBuffer = buffer(value, SendLimits.LEAST_SEND_BUFFER);
                socket.sendLimit = options.sendBuffer;
            }
            case SO_RCVLOWAT -> options.receiveLowWater = value < 0 ? Integer.MAX_VALUE : (int) Math.max(value, 1);
            case SO_RCVTIMEO -> options.receiveTimeoutPs = value * Picoseconds.PER_MICROSECOND;
            case SO_SNDTIMEO -> options.sendTimeoutPs = value * Picoseconds.PER_MICROSECOND;
            case SO_LINGER -> {
                options.lingers = value >= 0;
                options.lingerSeconds = (int) Math.max(value, 0);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean noteTcp(SocketOption option, int value) {
        switch (option) {
            case TCP_NODELAY -> options.noDelay = value != 0;
            case TCP_MAXSEG -> options.segmentBytes = value;
            case TCP_CORK -> options.corked = value != 0;
            case TCP_KEEPIDLE -> options.keepIdleSeconds = value;
            case TCP_KEEPINTVL -> options.keepIntervalSeconds = value;
            case TCP_KEEPCNT -> options.keepCount = value;
            case TCP_SYNCNT -> options.synRetries = value;
            case TCP_LINGER2 -> options.linger2Seconds = value;
            case TCP_DEFER_ACCEPT -> options.deferAcceptSeconds = value;
            case TCP_WINDOW_CLAMP -> options.windowClamp = value == 0 ? 0 : Math.max(value, LEAST_CLAMP);
            case TCP_QUICKACK -> {
                options.quickAck = value != 0;
                options.quickAckSet = true;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Linux doubles what a program asks for, so that its own overhead has room; BSD doesn't. */
    private int buffer(long value, int least) {
        int asked = Math.clamp(value, 0, socket.layer.largestBuffer);
        return isLinux() ? Math.max(2 * asked, least) : Math.max(asked, least);
    }

    private boolean isLinux() {
        return socket.tcp().persona().name().startsWith("linux");
    }

    /** Has a connection follow all that was set before it was. */
    void applyTo(TcpConnection connection, Work on) {
        if (options.noDelay) {
            connection.setNoDelay(true, on);
        }
        if (options.corked) {
            connection.setCorked(true, on);
        }
        connection.setUrgentInline(options.urgentInline);
        connection.setLowWater(options.receiveLowWater);
        connection.setNoFinWait(options.linger2Seconds < 0);
        keepAlive(connection, on);
        if (options.quickAckSet) {
            connection.setQuickAck(options.quickAck, on);
        }
    }

    private void keepAlive(TcpConnection connection, Work on) {
        connection.setKeepAliveTimes(
                seconds(options.keepIdleSeconds), seconds(options.keepIntervalSeconds), options.keepCount, on);
        if (options.keepAlive) {
            connection.setKeepAlive(true, on);
        }
    }

    private static long seconds(int value) {
        return value < 0 ? -1 : value * Picoseconds.PER_SECOND;
    }

    private void apply(SocketOption option, TcpConnection connection, Processor on) {
        switch (option) {
            case TCP_NODELAY -> connection.setNoDelay(options.noDelay, on);
            case TCP_CORK -> connection.setCorked(options.corked, on);
            case TCP_QUICKACK -> connection.setQuickAck(options.quickAck, on);
            case TCP_WINDOW_CLAMP -> connection.setWindowClamp(options.windowClamp);
            case TCP_LINGER2 -> connection.setNoFinWait(options.linger2Seconds < 0);
            case SO_KEEPALIVE -> connection.setKeepAlive(options.keepAlive, on);
            case TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT -> keepAlive(connection, on);
            case SO_OOBINLINE -> connection.setUrgentInline(options.urgentInline);
            case SO_RCVLOWAT -> connection.setLowWater(options.receiveLowWater);
            case SO_RCVBUF -> connection.setReceiveBuffer(options.receiveBuffer);
            default -> {
                // the others matter to a call or to a connection yet to be made
            }
        }
    }

    long get(SocketOption option) {
        TcpConnection connection = socket.connection;
        return switch (option) {
            case SO_REUSEADDR -> number(options.reuseAddress);
            case SO_KEEPALIVE -> number(options.keepAlive);
            case SO_OOBINLINE -> number(options.urgentInline);
            case SO_RCVBUF -> connection != null ? connection.receiveBuffer() : receiveBuffer();
            case SO_SNDBUF -> socket.sendLimit;
            case SO_RCVLOWAT -> options.receiveLowWater;
            case SO_SNDLOWAT -> 1;
            case SO_RCVTIMEO -> options.receiveTimeoutPs / Picoseconds.PER_MICROSECOND;
            case SO_SNDTIMEO -> options.sendTimeoutPs / Picoseconds.PER_MICROSECOND;
            case SO_LINGER -> options.lingers ? options.lingerSeconds : -1;
            case SO_ERROR -> connection == null ? 0 : connection.takeError();
            case SO_ACCEPTCONN -> number(socket.isListening());
            case SO_TYPE -> 1;
            default -> getTcp(option, connection);
        };
    }

    private int receiveBuffer() {
        return options.receiveBuffer == 0 ? socket.tcp().settings().receiveBuffer : options.receiveBuffer;
    }

    private long getTcp(SocketOption option, @Nullable TcpConnection connection) {
        return switch (option) {
            case TCP_NODELAY -> number(options.noDelay);
            case TCP_MAXSEG ->
                connection != null
                        ? connection.segmentBytes()
                        : options.segmentBytes == 0 ? USUAL_SEGMENT : options.segmentBytes;
            case TCP_CORK -> number(options.corked);
            case TCP_KEEPIDLE -> usual(options.keepIdleSeconds, socket.tcp().settings().keepAliveIdlePs);
            case TCP_KEEPINTVL ->
                usual(options.keepIntervalSeconds, socket.tcp().settings().keepAliveIntervalPs);
            case TCP_KEEPCNT -> options.keepCount < 0 ? socket.tcp().settings().keepAliveProbes : options.keepCount;
            case TCP_SYNCNT -> options.synRetries == 0 ? socket.tcp().persona().synRetries() : options.synRetries;
            case TCP_LINGER2 -> options.linger2Seconds;
            case TCP_DEFER_ACCEPT -> options.deferAcceptSeconds;
            case TCP_WINDOW_CLAMP -> options.windowClamp;
            case TCP_QUICKACK -> number(connection == null ? options.quickAck : connection.isQuickAck());
            default -> Errors.ENOPROTOOPT.returned();
        };
    }

    private static long usual(int seconds, long otherwisePs) {
        return seconds < 0 ? otherwisePs / Picoseconds.PER_SECOND : seconds;
    }

    private static long number(boolean on) {
        return on ? 1 : 0;
    }
}
