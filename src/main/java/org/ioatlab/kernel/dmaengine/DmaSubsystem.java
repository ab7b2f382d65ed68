package org.ioatlab.kernel.dmaengine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The generic async-copy interface between engines and those who want copies done (OLS 2005 paper, section 4.2; behaviour after Linux
 * 2.6.18 {@code drivers/dma/dmaengine.c}): clients ask for channels and are told when they get or lose one, now or when an engine appears.
 */
public final class DmaSubsystem {
    private final List<List<? extends DmaChannel>> devices = new ArrayList<>();
    private final List<DmaClient> clients = new ArrayList<>();
    private final long bookkeepingCycles;

    public DmaSubsystem(Platform platform) {
        bookkeepingCycles = platform.get(Parameter.CHANNEL_BOOKKEEPING_CYCLES);
    }

    /** {@code dma_client_register()}: a client that wants no channels yet. */
    public DmaClient register(String name, DmaClient.EventCallback callback, Processor on) {
        on.spend(Symbol.DMA_CLIENT_REGISTER, bookkeepingCycles);
        DmaClient client = new DmaClient(name, callback);
        clients.add(client);
        return client;
    }

    /** {@code dma_client_chan_request()}: what is free is handed over before this returns, the rest when it appears. */
    public void requestChannels(DmaClient client, int number, Processor on) {
        on.spend(Symbol.DMA_CLIENT_CHAN_REQUEST, bookkeepingCycles);
        client.desired = number;
        rebalance(on);
        while (client.desired > client.channels.size() && claimFor(client, on)) {
            on.spend(Symbol.DMA_CHANS_REBALANCE, bookkeepingCycles);
        }
    }

    /** Says that a client gives its newest channels up while it has more than {@code count} and another one has too few. No kernel has this. */
    public void setKept(DmaClient client, int count) {
        client.kept = count;
    }

    /** Whether a channel is free, or its client would give one up. */
    public boolean isClaimable(DmaChannel channel) {
        DmaClient owner = channel.client;
        return owner == null || owner.channels.size() > owner.kept;
    }

    /** Takes a channel for {@code client} from one that gives its own up; false if there is none. */
    public boolean claimFor(DmaClient client, Processor on) {
        for (DmaClient owner : clients) {
            if (owner != client && owner.channels.size() > owner.kept) {
                DmaChannel newest = owner.channels.getLast();
                owner.callback.event(owner, newest, DmaEvent.DMA_RESOURCE_REMOVED);
                release(owner, newest, on);
                boolean given = give(client, newest, on);
                if (given && client.desired < client.channels.size()) {
                    client.desired++;
                    client.takesByName = true;
                }
                return given;
            }
        }
        return false;
    }

    /** {@code dma_client_unregister()}: its channels are freed without telling it, and handed on. */
    public void unregister(DmaClient client, Processor on) {
        on.spend(Symbol.DMA_CLIENT_UNREGISTER, bookkeepingCycles);
        clients.remove(client);
        while (!client.channels.isEmpty()) {
            release(client, client.channels.getFirst(), on);
        }
        rebalance(on);
    }

    /** An engine's channels appear: clients that wait get them, in the order of their registration. */
    public void registerDevice(List<? extends DmaChannel> channels, Processor on) {
        devices.add(channels);
        rebalance(on);
    }

    /** An engine goes: owners lose its channels and are told; other engines' free channels may take their place. */
    public void unregisterDevice(List<? extends DmaChannel> channels, Processor on) {
        devices.remove(channels);
        for (DmaChannel channel : channels) {
            DmaClient owner = channel.client;
            if (owner != null) {
                owner.callback.event(owner, channel, DmaEvent.DMA_RESOURCE_REMOVED);
                release(owner, channel, on);
                owner.desired -= owner.takesByName ? 1 : 0;
            }
        }
        rebalance(on);
    }

    /** {@code dma_async_memcpy_issue_pending()} on every channel of a client. */
    public static void issuePending(DmaClient client, Processor on) {
        for (DmaChannel channel : client.channels) {
            channel.issuePending(on);
        }
    }

    /** Gives one free channel of that name to a client, as a request that names its channel does; no other takes its place. */
    public boolean take(DmaClient client, DmaChannel channel, Processor on) {
        if (channel.client != null || !give(client, channel, on)) {
            return false;
        }
        client.desired++;
        client.takesByName = true;
        return true;
    }

    /** Clients in the order of their registration. */
    public List<DmaClient> clients() {
        return List.copyOf(clients);
    }

    /** Channels in the order of their devices' registration. */
    public List<DmaChannel> channels() {
        List<DmaChannel> all = new ArrayList<>();
        for (List<? extends DmaChannel> device : devices) {
            all.addAll(device);
        }
        return all;
    }

    /** The channel of that name, or null. */
    public @Nullable DmaChannel channel(String name) {
        for (List<? extends DmaChannel> device : devices) {
            for (DmaChannel channel : device) {
                if (channel.name().equals(name)) {
                    return channel;
                }
            }
        }
        return null;
    }

    /** Feeds clients and channels. */
    public void hashInto(StateHash hash) {
        hash.put(clients.size());
        for (DmaClient client : clients) {
            client.hashInto(hash);
        }
        hash.put(devices.size());
        for (List<? extends DmaChannel> device : devices) {
            for (DmaChannel channel : device) {
                channel.hashInto(hash);
            }
        }
    }

    /** Brings every client, in the order of registration, as near to what it wants as free channels allow. */
    private void rebalance(Processor on) {
        on.spend(Symbol.DMA_CHANS_REBALANCE, bookkeepingCycles);
        for (DmaClient client : List.copyOf(clients)) {
            while (client.desired > client.channels.size() && giveAny(client, on)) {
                on.spend(Symbol.DMA_CHANS_REBALANCE, bookkeepingCycles);
            }
            while (client.desired < client.channels.size()) {
                DmaChannel oldest = client.channels.getFirst();
                client.callback.event(client, oldest, DmaEvent.DMA_RESOURCE_REMOVED);
                release(client, oldest, on);
            }
        }
    }

    private boolean giveAny(DmaClient client, Processor on) {
        for (DmaChannel channel : channels()) {
            if (channel.client == null && give(client, channel, on)) {
                return true;
            }
        }
        return false;
    }

    private static boolean give(DmaClient client, DmaChannel channel, Processor on) {
        if (channel.allocateResources(on) < 0) {
            return false;
        }
        channel.client = client;
        client.channels.add(channel);
        client.callback.event(client, channel, DmaEvent.DMA_RESOURCE_ADDED);
        return true;
    }

    private static void release(DmaClient client, DmaChannel channel, Processor on) {
        client.channels.remove(channel);
        channel.client = null;
        channel.freeResources(on);
    }
}
