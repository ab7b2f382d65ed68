package org.ioatlab.kernel.net;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The queue discipline in front of a port, first in, first out ({@code pfifo_fast} with all packets of one priority). While nothing stops it a
 * packet goes to the driver at once; otherwise it waits, up to {@link #LENGTH_PACKETS}. Processors take turns under a lock, and wait for it.
 */
public final class TransmitQueue {
    /** Packets that wait before more are dropped ({@code txqueuelen}). */
    public static final int LENGTH_PACKETS = 1000;

    /** Takes packets out of the queue. */
    interface Driver {
        /** Sends a packet ({@code hard_start_xmit}); false if there is no room for it now, and it is the caller's still. */
        boolean transmit(SocketBuffer packet, Processor on);

        /** Whether there is room for any packet. */
        boolean hasRoom();
    }

    /** Why nothing is sent. */
    enum Stop {
        /** The port is not open. */
        CLOSED,
        /** There is no link. */
        NO_CARRIER,
        /** The ring is short. */
        RING
    }

    private final String name;
    private final Driver driver;
    private final NetTxAction action;
    private final SocketBuffers buffers;
    private final CostList queueCosts;
    private final CostList disciplineCosts;
    private @Nullable SocketBuffer first;
    private @Nullable SocketBuffer last;
    private int length;
    private int stopped = bit(Stop.CLOSED);
    private boolean scheduled;
    private long lockedUntilPs;
    private long dropped;
    private long restarts;

    @Nullable
    TransmitQueue nextScheduled;

    TransmitQueue(String name, Driver driver, NetTxAction action, SocketBuffers buffers, Platform platform) {
        this.name = name;
        this.driver = driver;
        this.action = action;
        this.buffers = buffers;
        queueCosts = platform.functions()
                .add(Symbol.DEV_QUEUE_XMIT, Parameter.TRANSMIT_QUEUE_CYCLES)
                .add(Symbol.SPIN_LOCK, Parameter.SPIN_LOCK_CYCLES)
                .add(Symbol.PFIFO_FAST_ENQUEUE, Parameter.PFIFO_FAST_ENQUEUE_CYCLES)
                .add(Symbol.LOCAL_BH_ENABLE, Parameter.LOCAL_BH_ENABLE_CYCLES)
                .list();
        disciplineCosts = platform.functions()
                .add(Symbol.QDISC_RESTART, Parameter.QUEUE_DISCIPLINE_CYCLES)
                .add(Symbol.PFIFO_FAST_DEQUEUE, Parameter.PFIFO_FAST_DEQUEUE_CYCLES)
                .add(Symbol.SPIN_LOCK, Parameter.SPIN_LOCK_CYCLES)
                .list();
    }

    /** The interface's name. */
    public String name() {
        return name;
    }

    /** Packets that wait. */
    public int length() {
        return length;
    }

    /** Packets that were thrown away, because the queue was full or the port was reset. */
    public long dropped() {
        return dropped;
    }

    /** How often it went on after the ring had been short. */
    public long restarts() {
        return restarts;
    }

    /** Whether packets have to wait. */
    public boolean isStopped() {
        return stopped != 0;
    }

    /** Queues a packet and sends the first one ({@code dev_queue_xmit}); see {@link NetDevice#transmit}. */
    boolean transmit(SocketBuffer packet, Processor on) {
        lock(on);
        on.spend(queueCosts);
        boolean fits = length < LENGTH_PACKETS;
        if (fits) {
            append(packet);
        } else {
            dropped++;
            buffers.free(packet, on);
        }
        if (!scheduled) {
            restart(on);
        }
        unlock(on);
        return fits;
    }

    /** Goes on in the softirq that it was scheduled for. */
    void resume(Processor on) {
        scheduled = false;
        lock(on);
        restart(on);
        unlock(on);
    }

    /**
     * Opens the queue of a port with an empty ring. What {@code on} is doing may reach into the future; until its softirq takes the queue up,
     * packets of other processors wait.
     */
    void open(Processor on) {
        stopped &= ~(bit(Stop.CLOSED) | bit(Stop.RING));
        if (!scheduled) {
            scheduled = true;
            action.schedule(this, on);
        }
    }

    /** The clock begins at 0 again: nobody holds the lock. */
    void restart() {
        lockedUntilPs = 0;
    }

    void stop(Stop reason) {
        stopped |= bit(reason);
    }

    /** Takes a reason to stop away; the packets that wait are sent when it was the last. */
    void wake(Stop reason, Processor on) {
        if ((stopped & bit(reason)) != 0) {
            stopped &= ~bit(reason);
            restarts += reason == Stop.RING ? 1 : 0;
            scheduleRest(on);
        }
    }

    boolean isStopped(Stop reason) {
        return (stopped & bit(reason)) != 0;
    }

    void lost(int packets) {
        dropped += packets;
    }

    /** Feeds the packets that wait and why. */
    void hashInto(StateHash hash) {
        hash.put(stopped);
        hash.put(scheduled);
        hash.put(lockedUntilPs);
        hash.put(length);
        for (SocketBuffer packet = first; packet != null; packet = packet.next) {
            packet.hashInto(hash);
        }
    }

    /** Sends one packet ({@code qdisc_restart}) and leaves the others to the softirq. */
    private void restart(Processor on) {
        SocketBuffer packet = first;
        if (packet == null || stopped != 0) {
            return;
        }
        on.spend(disciplineCosts);
        boolean sent = driver.transmit(packet, on);
        if (sent) {
            first = packet.next;
            last = first == null ? null : last;
            length--;
        }
        if (!sent || !driver.hasRoom()) {
            stop(Stop.RING);
        }
        scheduleRest(on);
    }

    private void scheduleRest(Processor on) {
        if (stopped == 0 && first != null && !scheduled) {
            scheduled = true;
            action.schedule(this, on);
        }
    }

    private void append(SocketBuffer packet) {
        packet.next = null;
        if (last == null) {
            first = packet;
        } else {
            last.next = packet;
        }
        last = packet;
        length++;
    }

    /** Work on another processor may reach further into the future than this one has got: it holds the lock until then. */
    private void lock(Processor on) {
        long waitPs = lockedUntilPs - on.nowPs();
        if (waitPs > 0) {
            on.cpu().stall(Symbol.SPIN_LOCK, waitPs);
        }
    }

    private void unlock(Processor on) {
        lockedUntilPs = on.nowPs();
    }

    private static int bit(Stop reason) {
        return 1 << reason.ordinal();
    }
}
