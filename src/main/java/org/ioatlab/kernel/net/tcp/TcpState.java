package org.ioatlab.kernel.net.tcp;

/** The states of a connection (RFC 9293, 3.3.2), with the numbers that {@code /proc/net/tcp} and TCP_INFO print. */
public enum TcpState {
    ESTABLISHED(1),
    SYN_SENT(2),
    SYN_RECV(3),
    FIN_WAIT1(4),
    FIN_WAIT2(5),
    TIME_WAIT(6),
    CLOSE(7),
    CLOSE_WAIT(8),
    LAST_ACK(9),
    LISTEN(10),
    CLOSING(11);

    private final int number;

    TcpState(int number) {
        this.number = number;
    }

    /** The kernel's number. */
    public int number() {
        return number;
    }

    /** Whether data of the other end are still taken. */
    boolean receivesData() {
        return this == ESTABLISHED || this == FIN_WAIT1 || this == FIN_WAIT2;
    }

    /** Whether this end may still send data. */
    boolean sendsData() {
        return this == ESTABLISHED || this == CLOSE_WAIT;
    }
}
