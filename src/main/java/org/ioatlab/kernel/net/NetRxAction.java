package org.ioatlab.kernel.net;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.kernel.sched.Softirq;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The receive softirq ({@code net_rx_action}): polls the processor's devices in turn, one packet an item. A device's turn ends with its weight
 * or when it has no more packets; only a turn without any packet ends its polling. A round ends with the budget or after more than one
 * jiffy.
 */
public final class NetRxAction implements Softirq.Action {
    /** {@code netdev->weight} of a network driver. */
    public static final int USUAL_WEIGHT_PACKETS = 64;

    /** {@code net.core.netdev_budget}. */
    public static final int USUAL_BUDGET_PACKETS = 300;

    private final Softnet[] softnets;
    private final int budgetPackets;
    private final long jiffyPs;
    private final long pollEntryCycles;
    private @Nullable RoundEnd roundEnd;

    /** What is done when a processor has ended a round. */
    public interface RoundEnd {
        /** A round on {@code on} is over. */
        void roundEnded(Processor on);
    }

    /**
     * Becomes the machine's receive softirq.
     *
     * @param budgetPackets packets a round, at least 1
     */
    public NetRxAction(Processors processors, Platform platform, int budgetPackets) {
        this.budgetPackets = budgetPackets;
        jiffyPs = Picoseconds.PER_SECOND / platform.get(Parameter.TIMER_FREQUENCY_HZ);
        pollEntryCycles = platform.get(Parameter.POLL_ENTRY_CYCLES);
        softnets = new Softnet[processors.count()];
        for (int cpu = 0; cpu < softnets.length; cpu++) {
            softnets[cpu] = new Softnet();
        }
        processors.onSoftirq(Softirq.NET_RX, this);
    }

    /** Says what else is done at the end of every round. */
    public void atRoundEnd(RoundEnd action) {
        roundEnd = action;
    }

    /** The processor's devices and counters. */
    public Softnet softnet(int cpu) {
        return softnets[cpu];
    }

    /** Lets {@code on} poll {@code device}, which nobody polls yet ({@code netif_rx_schedule}). */
    public void schedule(PollingDevice device, Processor on) {
        softnets[on.cpu().id()].append(device);
        on.raise(Softirq.NET_RX);
    }

    @Override
    public boolean runItem(Processor on) {
        Softnet softnet = softnets[on.cpu().id()];
        if (!softnet.inRound) {
            enterRound(softnet, on);
        }
        PollingDevice device = softnet.first;
        if (device != null) {
            pollOnce(softnet, device, on);
        }
        softnet.inRound = softnet.first != null && !isSqueezed(softnet, on);
        if (!softnet.inRound && roundEnd != null) {
            roundEnd.roundEnded(on);
        }
        return softnet.inRound;
    }

    /** Feeds every processor's round. */
    public void hashInto(StateHash hash) {
        for (Softnet softnet : softnets) {
            softnet.hashInto(hash);
        }
    }

    private void enterRound(Softnet softnet, Processor on) {
        softnet.budget = budgetPackets;
        softnet.deadlinePs = (on.cpu().cursorPs() / jiffyPs + 2) * jiffyPs;
        on.spend(Symbol.NET_RX_ACTION, pollEntryCycles);
    }

    /** A round that has had its share asks for another one. */
    private static boolean isSqueezed(Softnet softnet, Processor on) {
        if (softnet.budget > 0 && on.cpu().cursorPs() < softnet.deadlinePs) {
            return false;
        }
        softnet.timeSqueeze++;
        on.raise(Softirq.NET_RX);
        return true;
    }

    private static void pollOnce(Softnet softnet, PollingDevice device, Processor on) {
        if (device.reclaimed < device.weight && device.reclaim(on)) {
            device.reclaimed++;
            return;
        }
        if (device.poll(on)) {
            softnet.processed++;
            softnet.budget--;
            if (++device.work < device.weight) {
                return;
            }
        }
        softnet.removeFirst(device);
        if (device.work + device.reclaimed > 0) {
            softnet.append(device);
        } else {
            device.complete(on);
        }
    }
}
