package org.ioatlab.kernel.net.offload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.kernel.dmaengine.DmaChannel;
import org.ioatlab.kernel.dmaengine.DmaClient;
import org.ioatlab.kernel.dmaengine.DmaEvent;
import org.ioatlab.kernel.dmaengine.DmaSubsystem;
import org.ioatlab.kernel.net.NetRxAction;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The network stack as a client of the DMA subsystem (Linux {@code net/core/dev.c}): asks for a channel a processor and divides the processors
 * among those that it gets. It asks when the machine's first TCP socket is made, and gives up all but one when others need them: the kernel's
 * asks at boot and keeps what it has, so that users' clients would get none.
 */
public final class NetDma implements DmaClient.EventCallback, NetRxAction.RoundEnd {
    /** What the subsystem knows it as. */
    public static final String CLIENT = "net_dma";

    private final DmaSubsystem subsystem;
    private final OffloadRules rules;
    private final int wanted;
    private final boolean sleeps;
    private final List<DmaChannel> channels = new ArrayList<>();
    private final @Nullable DmaChannel[] byCpu;
    private @Nullable DmaClient client;

    /**
     * A client that hasn't registered yet.
     *
     * @param cpus number of logical processors
     * @param wanted channels to ask for; 0 for none
     * @param sleeps whether waiting for a copy sleeps until the engine interrupts
     */
    public NetDma(DmaSubsystem subsystem, OffloadRules rules, int cpus, int wanted, boolean sleeps) {
        this.subsystem = subsystem;
        this.rules = rules;
        this.wanted = wanted;
        this.sleeps = sleeps;
        byCpu = new @Nullable DmaChannel[cpus];
    }

    /** Which kernel's copy offload it is. */
    public OffloadRules rules() {
        return rules;
    }

    /** Whether waiting for a copy sleeps until the engine interrupts; it spins otherwise. */
    public boolean sleeps() {
        return sleeps;
    }

    /** Asks for channels unless it has done so ({@code netdev_dma_register}). */
    public void register(Processor on) {
        if (client == null) {
            client = subsystem.register(CLIENT, this, on);
            subsystem.setKept(client, 1);
            subsystem.requestChannels(client, wanted, on);
        }
    }

    /** The channel that serves a processor, or null. */
    public @Nullable DmaChannel channelOf(Processor on) {
        return byCpu[on.cpu().id()];
    }

    /** Tells the engines of copies that they don't know of yet: the end of a receive softirq ({@code net_rx_action}). */
    @Override
    public void roundEnded(Processor on) {
        for (int i = 0; rules.issuesPending() && i < channels.size(); i++) {
            channels.get(i).issuePending(on);
        }
    }

    @Override
    public void event(DmaClient owner, DmaChannel channel, DmaEvent event) {
        if (event == DmaEvent.DMA_RESOURCE_ADDED) {
            channels.add(channel);
        } else {
            channels.remove(channel);
        }
        divide();
    }

    /** Each channel serves as many consecutive processors as the others, the first ones one more if it doesn't come out even. */
    private void divide() {
        Arrays.fill(byCpu, null);
        int cpu = 0;
        for (int i = 0; i < channels.size(); i++) {
            int share = byCpu.length / channels.size() + (i < byCpu.length % channels.size() ? 1 : 0);
            for (int n = 0; n < share; n++) {
                byCpu[cpu++] = channels.get(i);
            }
        }
    }

    /** Feeds whom its channels serve. */
    public void hashInto(StateHash hash) {
        for (DmaChannel channel : byCpu) {
            hash.put(channel == null ? "" : channel.name());
        }
    }
}
