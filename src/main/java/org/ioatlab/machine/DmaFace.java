package org.ioatlab.machine;

import java.util.List;

/** The DMA subsystem and the copy engines as users of a machine see them. */
public final class DmaFace {
    /** The most copies in one call. */
    public static final int MOST_COPIES = 1024;

    Call<?> apply(DmaCommand<?> command) {
        throw new IllegalStateException("not wired: " + command);
    }

    /** All clients, in the order of their registration. */
    public List<DmaViews.Client> clients() {
        throw new IllegalStateException("not wired");
    }

    /** One client. */
    public DmaViews.Client client(String id) {
        throw new IllegalStateException("not wired: " + id);
    }

    /** A client's events with sequence numbers above {@code after}, at most {@code most}, oldest first. */
    public List<DmaViews.Event> events(String client, long after, int most) {
        throw new IllegalStateException("not wired: " + client + after + most);
    }

    /** All channels. */
    public List<DmaViews.Channel> channels() {
        throw new IllegalStateException("not wired");
    }

    /** One channel. */
    public DmaViews.Channel channel(String id) {
        throw new IllegalStateException("not wired: " + id);
    }

    /** A look at a cookie from outside: compared with the completion word in memory, no cleanup. */
    public DmaViews.Cookie cookie(String channel, int cookie) {
        throw new IllegalStateException("not wired: " + channel + cookie);
    }

    /** Faults injected into a channel. */
    public List<DmaViews.Fault> faults(String channel) {
        throw new IllegalStateException("not wired: " + channel);
    }

    /** The registers of all engines, without side effects. */
    public List<DmaViews.Registers> registers() {
        throw new IllegalStateException("not wired");
    }
}
