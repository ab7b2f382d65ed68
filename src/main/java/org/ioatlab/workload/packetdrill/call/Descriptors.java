package org.ioatlab.workload.packetdrill.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.workload.packetdrill.script.Position;

/** The machine's descriptors by the numbers that a script gives them. */
public final class Descriptors {
    private final Map<Long, Integer> live = new TreeMap<>();

    /** Those that the script has no number for. */
    private final List<Integer> nameless = new ArrayList<>();

    /** None yet. */
    public Descriptors() {}

    int live(long script, Position at) throws CallFault {
        Integer fd = live.get(script);
        if (fd == null) {
            throw new CallFault(at, "the script has no open descriptor " + script);
        }
        return fd;
    }

    boolean isOpen(long script) {
        return live.containsKey(script);
    }

    void opened(long script, int fd) {
        live.put(script, fd);
    }

    void openedNameless(int fd) {
        nameless.add(fd);
    }

    void closed(long script) {
        live.remove(script);
    }

    /** The machine's descriptors that are still open, in the order of the script's numbers, those without one last. */
    public List<Integer> open() {
        List<Integer> open = new ArrayList<>(live.values());
        open.addAll(nameless);
        return open;
    }
}
