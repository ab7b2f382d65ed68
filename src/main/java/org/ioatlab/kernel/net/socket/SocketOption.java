package org.ioatlab.kernel.net.socket;

import org.jspecify.annotations.Nullable;

/** Options of {@code setsockopt()}. Times are in seconds as there, but for the two timeouts, which are in microseconds. */
public enum SocketOption {
    SO_REUSEADDR,
    SO_KEEPALIVE,
    SO_OOBINLINE,
    SO_RCVBUF,
    SO_SNDBUF,
    SO_RCVLOWAT,
    SO_SNDLOWAT,
    SO_RCVTIMEO,
    SO_SNDTIMEO,
    /** Whether and how long a close waits: seconds, or -1 for not at all. */
    SO_LINGER,
    /** The error that ended the connection; reading clears it. */
    SO_ERROR,
    /** Whether it listens. */
    SO_ACCEPTCONN,
    /** 1 for TCP, 2 for UDP. */
    SO_TYPE,
    TCP_NODELAY,
    TCP_MAXSEG,
    TCP_CORK,
    TCP_KEEPIDLE,
    TCP_KEEPINTVL,
    TCP_KEEPCNT,
    TCP_SYNCNT,
    TCP_LINGER2,
    TCP_DEFER_ACCEPT,
    TCP_WINDOW_CLAMP,
    TCP_QUICKACK;

    /** The option of that name, or null. */
    public static @Nullable SocketOption named(String name) {
        for (SocketOption option : values()) {
            if (option.name().equals(name)) {
                return option;
            }
        }
        return null;
    }
}
