package org.ioatlab.kernel.net.socket;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/** {@code poll()} and {@code select()}: waits until one of several files is ready; returns how many are. */
public final class PollCall extends SystemCall {
    private final Symbol symbol;
    private final List<OpenFile> files = new ArrayList<>();
    private int[] events = new int[1];
    private int[] found = new int[1];

    /**
     * A call object to be used again and again.
     *
     * @param select whether it goes by the name of {@code select()}
     */
    public PollCall(SocketLayer layer, boolean select) {
        super(layer);
        symbol = select ? Symbol.SYS_SELECT : Symbol.DO_POLL;
    }

    /** Forgets all files. */
    public PollCall clear() {
        files.clear();
        return this;
    }

    /** Waits for {@code wanted} of {@link PollEvents} at {@code file}, too. */
    public PollCall add(OpenFile file, int wanted) {
        int index = files.size();
        if (index == events.length) {
            events = Arrays.copyOf(events, 2 * index);
            found = Arrays.copyOf(found, 2 * index);
        }
        files.add(file);
        events[index] = wanted;
        found[index] = 0;
        return this;
    }

    /** Begins the call, which waits for ever unless it is given a deadline. */
    public PollCall begin() {
        prepare(files.isEmpty() ? layer.nothing() : files.getFirst());
        for (int i = 1; i < files.size(); i++) {
            files.get(i).calls++;
        }
        return this;
    }

    /** What was found at the file that was added as number {@code index}. */
    public int found(int index) {
        return found[index];
    }

    @Override
    Step step(Task task, Processor on) {
        on.spend(symbol, layer.costs.lock());
        int ready = look(on);
        if (ready > 0 || isOverdue(on)) {
            if (ready == 0) {
                noteTimeout();
            }
            end(task);
            return returns(ready);
        }
        for (int i = 0; i < files.size(); i++) {
            files.get(i).waiters.add(task);
        }
        return sleep(task);
    }

    private int look(Processor on) {
        int ready = 0;
        for (int i = 0; i < files.size(); i++) {
            OpenFile file = files.get(i);
            on.spend(Symbol.SOCK_POLL, layer.costs.poll());
            found[i] = file.isClosed() ? PollEvents.POLLNVAL : file.pollEvents() & (events[i] | PollEvents.ALWAYS);
            ready += found[i] != 0 ? 1 : 0;
        }
        return ready;
    }

    private void end(Task task) {
        for (int i = 0; i < files.size(); i++) {
            files.get(i).waiters.remove(task);
            files.get(i).calls -= i == 0 ? 0 : 1;
        }
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put("poll");
        for (int i = 0; i < files.size(); i++) {
            hash.put((long) files.get(i).number() << Integer.SIZE | events[i]);
        }
    }
}
