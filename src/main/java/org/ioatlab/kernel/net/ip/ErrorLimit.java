package org.ioatlab.kernel.net.ip;

import org.ioatlab.time.Picoseconds;

/** How many ICMP errors a destination is sent: one a second, six at once after some quiet ({@code xrlim_allow}). */
final class ErrorLimit {
    /** What each message takes. */
    static final long MESSAGE_PS = Picoseconds.PER_SECOND;

    /** The most that is saved up. */
    static final long BURST_PS = 6 * MESSAGE_PS;

    private ErrorLimit() {}

    static boolean allows(Neighbour destination, long nowPs) {
        long credit = Math.min(BURST_PS, destination.errorCreditPs + nowPs - destination.errorCreditAtPs);
        boolean allowed = credit >= MESSAGE_PS;
        destination.errorCreditPs = allowed ? credit - MESSAGE_PS : credit;
        destination.errorCreditAtPs = nowPs;
        return allowed;
    }
}
