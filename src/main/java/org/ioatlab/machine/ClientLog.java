package org.ioatlab.machine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.dmaengine.DmaChannel;
import org.ioatlab.kernel.dmaengine.DmaClient;
import org.ioatlab.kernel.dmaengine.DmaEvent;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.jspecify.annotations.Nullable;

/** A user's DMA client: what its event callback was told, the newest {@link #MOST_EVENTS} kept. */
final class ClientLog implements DmaClient.EventCallback {
    static final int MOST_EVENTS = 1000;

    private final String id;
    private final EventLoop loop;
    private final ArrayDeque<DmaViews.Event> events = new ArrayDeque<>();
    private @Nullable DmaClient client;
    private long lastSequence;

    ClientLog(String id, EventLoop loop) {
        this.id = id;
        this.loop = loop;
    }

    String id() {
        return id;
    }

    void attach(DmaClient registered) {
        client = registered;
    }

    DmaClient client() {
        if (client == null) {
            throw new IllegalStateException(id + " is not registered");
        }
        return client;
    }

    @Override
    public void event(DmaClient owner, DmaChannel channel, DmaEvent event) {
        if (events.size() == MOST_EVENTS) {
            events.removeFirst();
        }
        events.addLast(new DmaViews.Event(
                ++lastSequence, Picoseconds.toNanoseconds(loop.nowPs()), event.name(), channel.name()));
    }

    List<DmaViews.Event> events(long after, int most) {
        List<DmaViews.Event> newer = new ArrayList<>();
        for (DmaViews.Event event : events) {
            if (event.sequence() > after && newer.size() < most) {
                newer.add(event);
            }
        }
        return newer;
    }

    DmaViews.Client view() {
        List<String> channels =
                client().channels().stream().map(DmaChannel::name).toList();
        return new DmaViews.Client(id, id, client().desired(), channels, client().desired() - channels.size());
    }
}
