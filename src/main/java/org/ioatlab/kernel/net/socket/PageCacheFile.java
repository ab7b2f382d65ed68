package org.ioatlab.kernel.net.socket;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;

/** A file whose bytes all lie in the page cache, to be sent from there by {@code sendfile()}. */
public final class PageCacheFile extends OpenFile {
    private final UserBuffer bytes;

    /** A file of {@code length} bytes that has no pages yet; see {@link #bytes}. */
    public PageCacheFile(SocketLayer layer, int length) {
        super(layer);
        install();
        bytes = new UserBuffer(length);
    }

    /** A file of bytes that lie in {@code cached} and stay its owner's. */
    public PageCacheFile(SocketLayer layer, UserBuffer cached) {
        super(layer);
        bytes = cached;
    }

    /** Where its bytes lie. */
    public UserBuffer bytes() {
        return bytes;
    }

    /** Its length in bytes. */
    public long length() {
        return bytes.length();
    }

    int pageAt(long offset) {
        return (int) (bytes.addressAt((int) offset) >> PhysicalMemory.PAGE_SHIFT);
    }

    @Override
    public int pollEvents() {
        return PollEvents.READABLE | PollEvents.WRITABLE;
    }

    @Override
    void close(Processor on) {
        markClosed();
        boolean more = true;
        while (more) {
            more = bytes.release(layer.memory.pages(), on);
        }
    }

    @Override
    void hashInto(StateHash hash) {
        super.hashInto(hash);
        bytes.hashInto(hash);
    }
}
