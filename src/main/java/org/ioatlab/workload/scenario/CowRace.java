package org.ioatlab.workload.scenario;

import java.util.Objects;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.MessageFlags;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.StreamPattern;
import org.jspecify.annotations.Nullable;

/**
 * The race that ended copy offload (Linux 3.13, "net_dma: mark broken"): a read waits for records, each in a page of its own with 64 bytes of the
 * program's behind it; when half of them have come, another thread of the program forks and writes to its own bytes. Each page then belongs to the
 * child alone, the program has a copy, and an engine that was told of the old page writes there.
 */
public final class CowRace extends ScenarioProgram {
    /** Bytes of the program's own in each page. */
    static final int OWN_BYTES = 64;

    private static final int RECORDS = 8;
    private static final int RECORD_BYTES = PhysicalMemory.PAGE_SIZE - OWN_BYTES;
    private static final int BYTES = RECORDS * RECORD_BYTES;
    private static final long FORKS_AFTER_PS = 60 * Picoseconds.PER_MILLISECOND;

    private final UserBuffer buffer = buffer(RECORDS * PhysicalMemory.PAGE_SIZE, RECORDS);
    private final byte[] record = new byte[RECORD_BYTES];
    private final byte[] inChild = new byte[RECORD_BYTES];
    private @Nullable ForkingThread forking;
    private @Nullable ForkedChild child;
    private int wrongBytes;
    private int bytesInChild;
    private int mismatchAt = -1;
    private boolean over;

    /** A program that doesn't run yet. */
    public CowRace(ScenarioPlace place, long timeoutPs, Processor on, Listener listener) {
        super("cow-race", place, timeoutPs, on, listener);
    }

    /** Bytes of the read that aren't what was sent. */
    public int wrongBytes() {
        return wrongBytes;
    }

    /** Where the first of them is, or -1. */
    public int mismatchAt() {
        return mismatchAt;
    }

    /** How many of the bytes that the reader misses lie in the child's pages instead. */
    public int bytesInChild() {
        return bytesInChild;
    }

    /** Pages that the program got copies of when it wrote. */
    public int copiedPages() {
        return forking == null ? 0 : forking.copiedPages();
    }

    @Override
    int bytesToSend() {
        return BYTES;
    }

    @Override
    int bytesAtATime() {
        return BYTES / 2;
    }

    @Override
    Next prepare() {
        buffer.write(memory().bytes(), 0, new byte[buffer.length()], 0, buffer.length());
        ForkingThread thread = new ForkingThread(this, buffer, processor().nowPs() + FORKS_AFTER_PS);
        forking = thread;
        thread.wake(processor());
        return read();
    }

    @Override
    int aim() {
        for (int i = 0; i < RECORDS; i++) {
            receive.into().add(buffer, i * PhysicalMemory.PAGE_SIZE, RECORD_BYTES);
        }
        return MessageFlags.MSG_WAITALL;
    }

    @Override
    Next readReturned(long result) {
        IpAddress remote = Objects.requireNonNull(connected().remoteAddress());
        StreamPattern sent = sender().patternFrom(remote, connected().remotePort());
        for (int i = 0; sent != null && i < RECORDS; i++) {
            int length = (int) Math.min(RECORD_BYTES, result - (long) i * RECORD_BYTES);
            if (length > 0) {
                compare(sent, i, length);
            }
        }
        over = true;
        if (child != null) {
            child.wake(processor());
        }
        return leave();
    }

    private void compare(StreamPattern sent, int index, int length) {
        int page = index * PhysicalMemory.PAGE_SIZE;
        buffer.read(memory().bytes(), page, record, 0, length);
        if (child != null) {
            child.buffer().read(memory().bytes(), page, inChild, 0, length);
        }
        for (int i = 0; i < length; i++) {
            int at = index * RECORD_BYTES + i;
            byte expected = sent.byteAt(at);
            if (record[i] != expected) {
                wrongBytes++;
                mismatchAt = mismatchAt < 0 ? at : mismatchAt;
                bytesInChild += child != null && inChild[i] == expected ? 1 : 0;
            }
        }
    }

    /** The thread has forked. */
    void forked(ForkedChild made) {
        child = made;
    }

    /** Whether the read has returned. */
    boolean isOver() {
        return over;
    }

    @Override
    boolean hasEnded() {
        return (forking == null || forking.state() == State.EXITED) && (child == null || child.state() == State.EXITED);
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put((long) wrongBytes << Integer.SIZE | bytesInChild);
        if (forking != null) {
            forking.feed(hash);
        }
        if (child != null) {
            child.feed(hash);
        }
    }
}
