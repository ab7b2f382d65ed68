package org.ioatlab.kernel.net.socket;

import org.jspecify.annotations.Nullable;

/** Error numbers of system calls, as Linux numbers them on x86. */
public enum Errors {
    EINTR(4),
    EBADF(9),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EFAULT(14),
    EEXIST(17),
    EINVAL(22),
    EMFILE(24),
    ENOTTY(25),
    EPIPE(32),
    ENOENT(2),
    EDOM(33),
    ENOTSOCK(88),
    EDESTADDRREQ(89),
    EMSGSIZE(90),
    ENOPROTOOPT(92),
    EOPNOTSUPP(95),
    EAFNOSUPPORT(97),
    EADDRINUSE(98),
    EADDRNOTAVAIL(99),
    ENETUNREACH(101),
    ECONNABORTED(103),
    ECONNRESET(104),
    ENOBUFS(105),
    EISCONN(106),
    ENOTCONN(107),
    ETIMEDOUT(110),
    ECONNREFUSED(111),
    EHOSTUNREACH(113),
    EALREADY(114),
    EINPROGRESS(115);

    private final int number;

    Errors(int number) {
        this.number = number;
    }

    /** The positive number. */
    public int number() {
        return number;
    }

    /** What a system call returns for it. */
    public int returned() {
        return -number;
    }

    /** The error of a number, of either sign, or null. */
    public static @Nullable Errors of(long number) {
        for (Errors error : values()) {
            if (error.number == Math.abs(number)) {
                return error;
            }
        }
        return null;
    }
}
