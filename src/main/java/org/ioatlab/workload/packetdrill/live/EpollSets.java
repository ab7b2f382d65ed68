package org.ioatlab.workload.packetdrill.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.kernel.net.socket.Errors;
import org.ioatlab.kernel.net.socket.OpenFile;
import org.ioatlab.kernel.net.socket.PollCall;
import org.ioatlab.workload.packetdrill.call.SocketCall;
import org.jspecify.annotations.Nullable;

/**
 * Sets of {@code epoll}, kept beside the kernel: waiting is a {@code poll()} of the set's files. Edge-triggered entries are told of once
 * until what was told is over.
 */
final class EpollSets {
    /** Descriptors of sets: far above those that the kernel gives out. */
    private static final int FIRST = 1_000_000;

    private static final long ONE_SHOT = 0x4000_0000L;
    private static final long EDGE = 0x8000_0000L;
    private static final int EVENTS = 0xffff;

    /** A file in a set. */
    private static final class Entry {
        private final OpenFile file;
        private long events;
        private long data;
        private int told;
        private boolean spent;

        Entry(OpenFile file) {
            this.file = file;
        }

        /** What it is to be told of now. */
        int wanted() {
            if ((events & EDGE) != 0) {
                told &= file.pollEvents();
                return (int) events & EVENTS & ~told;
            }
            return spent ? 0 : (int) events & EVENTS;
        }
    }

    private final Map<Integer, List<Entry>> sets = new TreeMap<>();
    private int next = FIRST;

    int create() {
        sets.put(next, new ArrayList<>());
        return next++;
    }

    boolean isOne(int fd) {
        return sets.containsKey(fd);
    }

    void close(int fd) {
        sets.remove(fd);
    }

    /** 0, or a negative error number. */
    int control(SocketCall.EpollControl control, @Nullable OpenFile file) {
        List<Entry> entries = sets.get(control.epoll());
        if (entries == null || file == null) {
            return Errors.EBADF.returned();
        }
        Entry known = find(entries, file);
        switch (control.operation()) {
            case "EPOLL_CTL_ADD" -> {
                if (known != null) {
                    return Errors.EEXIST.returned();
                }
                known = new Entry(file);
                entries.add(known);
            }
            case "EPOLL_CTL_DEL" -> {
                return entries.remove(known) ? 0 : Errors.ENOENT.returned();
            }
            case "EPOLL_CTL_MOD" -> {}
            default -> {
                return Errors.EINVAL.returned();
            }
        }
        if (known == null) {
            return Errors.ENOENT.returned();
        }
        known.events = control.events();
        known.data = control.data();
        known.told = 0;
        known.spent = false;
        return 0;
    }

    private static @Nullable Entry find(List<Entry> entries, OpenFile file) {
        for (Entry entry : entries) {
            if (entry.file == file) {
                return entry;
            }
        }
        return null;
    }

    /** Says what a call waits for. */
    void fill(int fd, PollCall call) {
        for (Entry entry : entries(fd)) {
            call.add(entry.file, entry.wanted());
        }
    }

    /** What the call has found: events and data in turn. */
    void take(SocketCall.EpollWait wait, PollCall call, List<Long> values) {
        List<Entry> entries = entries(wait.epoll());
        for (int i = 0; i < entries.size() && values.size() < 2 * wait.maxEvents(); i++) {
            Entry entry = entries.get(i);
            int found = call.found(i);
            if (found != 0) {
                values.add((long) found);
                values.add(entry.data);
                entry.told |= found;
                entry.spent |= (entry.events & ONE_SHOT) != 0;
            }
        }
    }

    /** Files that were closed have left their sets. */
    private List<Entry> entries(int fd) {
        List<Entry> entries = sets.getOrDefault(fd, new ArrayList<>());
        entries.removeIf(entry -> entry.file.isClosed());
        return entries;
    }
}
