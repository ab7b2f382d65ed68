package org.ioatlab.kernel.dmaengine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.time.StateHash;

/** A registered user of the DMA subsystem: how many channels it wants, and those it has, oldest first. */
public final class DmaClient {
    /** What a client is told; called while the subsystem's lock is held. */
    public interface EventCallback {
        /** {@code channel} has been given to {@code client} or is being taken from it. */
        void event(DmaClient client, DmaChannel channel, DmaEvent event);
    }

    final EventCallback callback;
    final List<DmaChannel> channels = new ArrayList<>();
    int desired;
    boolean takesByName;

    /** As many channels it keeps when others need one. */
    int kept = Integer.MAX_VALUE;

    private final String name;

    DmaClient(String name, EventCallback callback) {
        this.name = name;
        this.callback = callback;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Channels asked for. */
    public int desired() {
        return desired;
    }

    /** Channels it has, oldest first. */
    public List<DmaChannel> channels() {
        return List.copyOf(channels);
    }

    void hashInto(StateHash hash) {
        hash.put(name);
        hash.put(desired);
        hash.put(channels.size());
        for (int i = 0; i < channels.size(); i++) {
            hash.put(channels.get(i).name());
        }
    }
}
