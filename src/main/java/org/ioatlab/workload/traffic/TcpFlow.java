package org.ioatlab.workload.traffic;

import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpOptionsWanted;
import org.ioatlab.kernel.net.tcp.TcpState;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.host.RemoteHost;
import org.ioatlab.workload.host.RemoteHosts;
import org.ioatlab.workload.host.RemoteUser;
import org.ioatlab.workload.wire.Path;
import org.jspecify.annotations.Nullable;

/** A connection between a remote host and a machine. What the host sends is a pattern; what comes is taken at once unless it is to be read slowly. */
abstract class TcpFlow implements RemoteUser {
    /** {@link #error} when no host had a port left. */
    static final int EADDRNOTAVAIL = 99;

    private static final int EPIPE = 32;
    private static final long NEVER = -1;

    final FlowPlan plan;
    private final FlowOwner owner;
    private final StreamPattern pattern;
    private final @Nullable StreamDigest sentDigest;
    private final @Nullable StreamDigest receivedDigest;
    private @Nullable RemoteHost host;
    private @Nullable TcpConnection connection;
    private FlowState state = FlowState.WAITING;
    private boolean asked;
    private int error;
    private int writeLeft;
    private int taken;
    private long written;
    private long sentTo;
    private long acknowledged;
    private long received;
    private long mismatchAt = NEVER;
    private long firstSentPs = NEVER;
    private long lastAcknowledgedPs = NEVER;

    TcpFlow(FlowOwner owner, FlowPlan plan, long seed) {
        this.owner = owner;
        this.plan = plan;
        pattern = new StreamPattern(seed);
        boolean hashes = plan.verification() == Verification.SHA256;
        sentDigest = hashes ? new StreamDigest() : null;
        receivedDigest = hashes ? new StreamDigest() : null;
    }

    /** How far it may write at present. */
    abstract long limit();

    /** Whether it will never write beyond {@link #limit}. */
    abstract boolean isComplete();

    /** Something has come back. */
    void answered(long receivedBytes) {}

    /** How many more bytes it would read now. */
    long appetite() {
        return Long.MAX_VALUE;
    }

    /** Bytes wait for which it has no appetite. */
    void heldBack() {}

    /** Begins as the user of a connection that the machine has opened. */
    final void accepted(TcpConnection opened, RemoteHost by) {
        host = by;
        connection = opened;
        state = FlowState.OPEN;
    }

    /** Begins to connect. */
    final void connect(RemoteHosts hosts) {
        IpAddress machine = plan.ipv6()
                ? hosts.wire().machine().ipv6()
                : hosts.wire().machine().ipv4();
        state = FlowState.CONNECTING;
        RemoteHost candidate = hosts.get(plan.persona(), 0);
        for (int i = 1; candidate != null && connection == null; i++) {
            host = candidate;
            connection = open(candidate, machine);
            candidate = connection == null ? hosts.get(plan.persona(), i) : null;
        }
        if (connection == null) {
            fail(EADDRNOTAVAIL);
        }
    }

    private @Nullable TcpConnection open(RemoteHost from, IpAddress machine) {
        return from.tcp()
                .connect(from.likeFamilyOf(machine), 0, machine, plan.port(), TcpOptionsWanted.DEFAULT, this, from);
    }

    /** Ends it now, by a RST if it hasn't ended. */
    final void abort() {
        TcpConnection open = connection;
        if (open != null && host != null && open.state() != TcpState.CLOSE) {
            open.abort(host);
        }
    }

    /** Writes what may be written now, and ends what is complete. */
    final void proceed() {
        TcpConnection open = connection;
        RemoteHost on = host;
        if (open == null || on == null || state != FlowState.OPEN) {
            return;
        }
        while (room() > 0 && !open.isSendShut()) {
            write(open, on, room());
        }
        if (isComplete() && acknowledged == limit()) {
            state = FlowState.CLOSING;
            open.shutdownSend(on);
        }
    }

    final FlowState state() {
        return state;
    }

    final boolean isOver() {
        return state == FlowState.DONE || state == FlowState.FAILED;
    }

    /** Why it failed, a kernel's errno, or 0. */
    final int error() {
        return error;
    }

    final @Nullable TcpConnection connection() {
        return connection;
    }

    final long written() {
        return written;
    }

    final long sentBytes() {
        return sentTo;
    }

    final long acknowledgedBytes() {
        return acknowledged;
    }

    /** What counts for goodput. */
    long goodputBytes() {
        return acknowledged;
    }

    final long receivedBytes() {
        return received;
    }

    /** Where what came back differs first from what was sent, or -1. */
    final long mismatchAt() {
        return mismatchAt;
    }

    final long retransmittedSegments() {
        TcpConnection open = connection;
        return open == null ? 0 : open.retransmittedSegments();
    }

    /** When the first data segment left, or -1. */
    long goodputFromPs() {
        return firstSentPs;
    }

    /** When data were last acknowledged, or -1. */
    long goodputToPs() {
        return lastAcknowledgedPs;
    }

    /** SHA-256 of what was sent, or null if that isn't kept. */
    final @Nullable String sentSha256() {
        return sentDigest == null ? null : sentDigest.hexUpTo(pattern, sentTo, owner.scratch());
    }

    /** SHA-256 of what came back, or null if that isn't kept. */
    final @Nullable String receivedSha256() {
        return receivedDigest == null ? null : receivedDigest.hex();
    }

    @Override
    public final StreamPattern sends() {
        return pattern;
    }

    @Override
    public final Path path() {
        return owner.path();
    }

    @Override
    public final void dataLeaves(long offset, int length) {
        if (firstSentPs == NEVER) {
            firstSentPs = owner.nowPs();
        }
        sentTo = Math.max(sentTo, offset + length);
    }

    @Override
    public final int take(Segment segment, int index, int length, Work on) {
        int wanted = (int) Math.min(length, appetite());
        if (wanted > 0) {
            takeBytes(RemoteHost.payloadBytes(segment), RemoteHost.payloadOffset(segment) + index, wanted);
            taken += wanted;
            askToProceed();
        }
        return wanted;
    }

    @Override
    public final void readable(TcpConnection open, Work on) {
        if (open.readable() > 0 || open.isReceiveShut()) {
            askToProceed();
        }
    }

    @Override
    public final void acknowledged(TcpConnection open, long offset, Work on) {
        if (offset > acknowledged) {
            acknowledged = offset;
            lastAcknowledgedPs = on.nowPs();
            if (sentDigest != null) {
                sentDigest.addUpTo(pattern, offset, owner.scratch());
            }
        }
        if (state == FlowState.OPEN && (room() > 0 || (isComplete() && acknowledged == limit()))) {
            askToProceed();
        }
    }

    @Override
    public final void changed(TcpConnection open, Work on) {
        if (state == FlowState.CONNECTING && open.state() == TcpState.ESTABLISHED) {
            state = FlowState.OPEN;
            askToProceed();
        } else if (state == FlowState.CLOSING && open.isAllAcknowledged() && open.error() == 0) {
            state = FlowState.DONE;
            owner.over(this);
        } else if (open.state() == TcpState.CLOSE && !isOver()) {
            fail(open.error() == 0 ? EPIPE : open.error());
        }
    }

    @Override
    public final void calledBack() {
        asked = false;
        drain();
        if (connection != null && connection.firstReadable() != null) {
            heldBack();
        }
        proceed();
    }

    void hashInto(StateHash hash) {
        hash.put((long) state.ordinal() << Integer.SIZE | error);
        hash.put(pattern.seed());
        hash.put(written);
        hash.put(sentTo);
        hash.put(acknowledged);
        hash.put(received);
        hash.put(mismatchAt);
        hash.put(writeLeft);
    }

    private long room() {
        long most = Math.min(limit() - written, plan.window() - (written - acknowledged));
        return Math.max(most, 0);
    }

    private void write(TcpConnection open, RemoteHost on, long room) {
        if (writeLeft == 0) {
            writeLeft = plan.writeBytes();
        }
        int length = (int) Math.min(room, writeLeft);
        writeLeft -= length;
        written += length;
        open.written(length, false, on);
    }

    final void askToProceed() {
        RemoteHost on = host;
        if (!asked && on != null) {
            asked = true;
            on.callBack(this);
        }
    }

    /** Reads what waits, as far as it has an appetite. */
    final void drain() {
        TcpConnection open = connection;
        RemoteHost on = host;
        if (open == null || on == null) {
            return;
        }
        int total = taken;
        taken = 0;
        for (Segment segment = open.firstReadable();
                segment != null && appetite() > 0;
                segment = open.firstReadable()) {
            int from = segment.skipped();
            int length = (int) Math.min(segment.payloadLength() - from, appetite());
            takeBytes(RemoteHost.payloadBytes(segment), RemoteHost.payloadOffset(segment) + from, length);
            total += length;
            open.consume(length, on);
        }
        if (total > 0) {
            open.afterRead(total, on);
        }
    }

    private void takeBytes(byte[] bytes, int at, int length) {
        if (plan.verification() == Verification.COMPARE
                && mismatchAt == NEVER
                && !pattern.matches(received, bytes, at, length)) {
            mismatchAt = received;
        }
        if (receivedDigest != null) {
            receivedDigest.add(bytes, at, length);
        }
        received += length;
        answered(received);
    }

    private void fail(int errno) {
        state = FlowState.FAILED;
        error = errno;
        owner.over(this);
    }
}
