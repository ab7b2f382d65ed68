package org.ioatlab.workload.wire;

import java.util.Arrays;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;

/**
 * What one address of a host knows of the machine's link address (RFC 826; RFC 4861, 7.2.2). Until it is known the host's packets wait
 * here; the first one has it asked for, {@link #QUESTIONS} times at most. Then what waits is dropped, and the next packet has it asked for
 * again. Once known it stays so.
 */
public final class Resolution {
    /** How often the machine is asked (mcast_solicit; MAX_MULTICAST_SOLICIT of RFC 4861, 10). */
    public static final int QUESTIONS = 3;

    /** How long each question waits for its answer (retrans_time; RETRANS_TIMER of RFC 4861, 10). */
    public static final long QUESTION_PS = Picoseconds.PER_SECOND;

    /** How many packets wait for one address's answer: more than it can begin connections. Further ones are dropped. */
    public static final int MOST_HELD = 65_536;

    private static final int INITIAL = 16;
    private static final int[] NO_SLOTS = {};
    private static final Path[] NO_PATHS = {};

    private final EventLoop loop;
    private final Wire wire;
    private final Neighbours neighbours;
    private final IpAddress own;
    private final Unanswered unanswered = new Unanswered();
    private boolean known;
    private int asked;
    private int waiting;
    private int[] slots = NO_SLOTS;
    private Path[] paths = NO_PATHS;

    private final class Unanswered extends Event {
        @Override
        protected void fire() {
            if (asked < QUESTIONS) {
                ask();
            } else {
                giveUp();
            }
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("resolution");
            hash.put(own.low());
        }
    }

    Resolution(EventLoop loop, Wire wire, Neighbours neighbours, IpAddress own) {
        this.loop = loop;
        this.wire = wire;
        this.neighbours = neighbours;
        this.own = own;
    }

    /** Sends a frame whose contents are set as soon as the machine's link address is known. */
    public void send(int slot, Path path) {
        if (known) {
            wire.depart(slot, path);
            return;
        }
        if (waiting == MOST_HELD) {
            wire.dropUnresolved(slot);
            return;
        }
        hold(slot, path);
        if (asked == 0) {
            ask();
        }
    }

    boolean isFor(int ipv4) {
        return own.isIpv4() && own.ipv4Bits() == ipv4;
    }

    boolean isFor(long high, long low) {
        return !own.isIpv4() && own.high() == high && own.low() == low;
    }

    /** The machine has told its link address: what waits leaves in its order. */
    void learn() {
        if (known) {
            return;
        }
        known = true;
        loop.cancel(unanswered);
        for (int i = 0; i < waiting; i++) {
            wire.depart(slots[i], paths[i]);
        }
        forget();
    }

    /** Feeds what is known and what waits. */
    void hashInto(StateHash hash, FrameSlots frames) {
        hash.put(own.low());
        hash.put(known);
        hash.put((long) asked << Integer.SIZE | waiting);
        for (int i = 0; i < waiting; i++) {
            frames.hashInto(slots[i], hash);
            paths[i].hashInto(hash);
        }
    }

    private void ask() {
        asked++;
        loop.scheduleAfter(unanswered, QUESTION_PS);
        if (own.isIpv4()) {
            neighbours.ask(own.ipv4Bits());
        } else {
            neighbours.ask(own.high(), own.low());
        }
    }

    private void giveUp() {
        for (int i = 0; i < waiting; i++) {
            wire.dropUnresolved(slots[i]);
        }
        forget();
    }

    private void forget() {
        neighbours.released(waiting);
        asked = 0;
        waiting = 0;
        slots = NO_SLOTS;
        paths = NO_PATHS;
    }

    private void hold(int slot, Path path) {
        if (waiting == slots.length) {
            int size = Math.max(INITIAL, 2 * waiting);
            slots = Arrays.copyOf(slots, size);
            paths = Arrays.copyOf(paths, size);
        }
        slots[waiting] = slot;
        paths[waiting++] = path;
        neighbours.held();
    }
}
