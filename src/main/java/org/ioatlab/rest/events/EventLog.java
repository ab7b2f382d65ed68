package org.ioatlab.rest.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ioatlab.machine.DmaViews;
import org.ioatlab.machine.MachineFaces;

/** The last events of one machine, and who listens to it. Kept from the first listener on. */
final class EventLog {
    /** The most events kept for listeners that come back. */
    static final int MOST_EVENTS = 1000;

    private static final int MOST_AT_ONCE = 500;

    /** Five minutes of looking. */
    private static final int MOST_UNHEARD_ROUNDS = 1500;

    /** Somebody who is told what happens. */
    interface Listener {
        void happened(MachineEvent event);

        void ended();
    }

    private final ArrayDeque<MachineEvent> events = new ArrayDeque<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Long> heard = new LinkedHashMap<>();
    private long lastId;
    private int unheardRounds;

    synchronized void add(MachineEvent event) {
        MachineEvent numbered = event.numbered(++lastId);
        events.addLast(numbered);
        if (events.size() > MOST_EVENTS) {
            events.removeFirst();
        }
        listeners.forEach(listener -> listener.happened(numbered));
    }

    /** Hands over what is kept after {@code id}, then everything that comes. */
    synchronized void listen(long id, Listener listener) {
        after(id).forEach(listener::happened);
        listeners.add(listener);
    }

    void leave(Listener listener) {
        listeners.remove(listener);
    }

    boolean isHeard() {
        return !listeners.isEmpty();
    }

    /** Whether nobody has listened for so many rounds that nobody will come back. */
    boolean isForgotten() {
        unheardRounds = isHeard() ? 0 : unheardRounds + 1;
        return unheardRounds > MOST_UNHEARD_ROUNDS;
    }

    /** Tells all listeners that nothing more will happen. */
    void end() {
        listeners.forEach(Listener::ended);
    }

    synchronized List<MachineEvent> after(long id) {
        return events.stream().filter(event -> event.id() > id).toList();
    }

    /** What clients of the DMA subsystem were told since this was asked last. */
    synchronized List<MachineEvent> news(MachineFaces machine) {
        List<MachineEvent> news = new ArrayList<>();
        for (DmaViews.Client client : machine.dma().clients()) {
            long after = heard.getOrDefault(client.id(), 0L);
            for (DmaViews.Event event : machine.dma().events(client.id(), after, MOST_AT_ONCE)) {
                heard.put(client.id(), event.sequence());
                news.add(new MachineEvent(
                        0, MachineEvent.Type.DMA, event.atNs(), event.event(), client.id(), event.channel(), null));
            }
        }
        return news;
    }
}
