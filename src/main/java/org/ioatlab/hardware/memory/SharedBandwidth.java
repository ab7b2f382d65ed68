package org.ioatlab.hardware.memory;

import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A data path that its users share equally while they transfer: with n transfers under way each proceeds at an n-th of the rate. One
 * pending event, at the transfer that ends next.
 *
 * <p>A transfer's work is the time that it takes alone, rounded down to a picosecond. The few picoseconds that n users can't divide
 * evenly are left for the next change to share out, so none is lost: a path that is never idle moves all bytes in exactly their work.
 */
public final class SharedBandwidth {
    /** Who transfers. */
    public interface Transfer {
        /** All bytes have passed. Called at that instant. */
        void transferred();
    }

    private static final long PS_PER_BYTE_AT_1_MB_PER_SECOND = 1_000_000;

    private final EventLoop loop;
    private final long megabytesPerSecond;
    private final @Nullable Transfer[] users;
    private final long[] workPs;
    private final Completion completion = new Completion();
    private int active;

    /** Who began to transfer when nobody else did. */
    private int alone;

    private long settledPs;

    private final class Completion extends Event {
        @Override
        protected void fire() {
            complete();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("transfer");
        }
    }

    /**
     * @param users how many may transfer at once; each has a number from 0
     * @param megabytesPerSecond rate of the whole path, in 10^6 bytes a second
     */
    public SharedBandwidth(EventLoop loop, int users, long megabytesPerSecond) {
        this.loop = loop;
        this.megabytesPerSecond = megabytesPerSecond;
        this.users = new @Nullable Transfer[users];
        workPs = new long[users];
    }

    /** Begins a transfer of {@code bytes} for {@code user}, which must not have one under way. */
    public void begin(int user, long bytes, Transfer transfer) {
        if (users[user] != null) {
            throw new IllegalStateException("user " + user + " transfers already");
        }
        long work = bytes * PS_PER_BYTE_AT_1_MB_PER_SECOND / megabytesPerSecond;
        settle();
        users[user] = transfer;
        workPs[user] = work;
        if (active++ == 0) {
            alone = user;
            loop.schedule(completion, settledPs + work);
        } else {
            scheduleNext();
        }
    }

    /** Ends the user's transfer, if any, without completing it. */
    public void cancel(int user) {
        if (users[user] != null) {
            settle();
            users[user] = null;
            active--;
            scheduleNext();
        }
    }

    /** Feeds what is under way. */
    public void hashInto(StateHash hash) {
        hash.put(active);
        for (int i = 0; i < users.length && active > 0; i++) {
            hash.put(users[i] != null);
            hash.put(users[i] == null ? 0 : workPs[i]);
        }
        hash.put(active > 0 ? settledPs : 0);
    }

    private void complete() {
        Transfer only = active == 1 ? users[alone] : null;
        if (only != null) {
            users[alone] = null;
            active = 0;
            only.transferred();
            return;
        }
        settle();
        int first = -1;
        for (int i = 0; i < users.length; i++) {
            if (users[i] != null && workPs[i] <= 0) {
                first = i;
                break;
            }
        }
        Transfer done = first < 0 ? null : users[first];
        if (done != null) {
            users[first] = null;
            active--;
        }
        scheduleNext();
        if (done != null) {
            done.transferred();
        }
    }

    /** Accounts for the time since the last change, as far as it can be divided. */
    private void settle() {
        if (active == 0) {
            settledPs = loop.nowPs();
            return;
        }
        long each = (loop.nowPs() - settledPs) / active;
        settledPs += each * active;
        for (int i = 0; i < users.length; i++) {
            if (users[i] != null) {
                workPs[i] -= each;
            }
        }
    }

    private void scheduleNext() {
        loop.cancel(completion);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < users.length; i++) {
            if (users[i] != null) {
                least = Math.min(least, workPs[i]);
            }
        }
        if (active > 0) {
            loop.schedule(completion, Math.max(loop.nowPs(), settledPs + least * active));
        }
    }
}
