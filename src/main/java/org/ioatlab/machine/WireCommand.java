package org.ioatlab.machine;

/**
 * What can be done at the other end of a machine's cables. It costs the machine no time.
 *
 * @param <R> what it answers
 */
public sealed interface WireCommand<R> extends Command<R> {
    /**
     * Puts IP packets on a wire towards the machine.
     *
     * @param nic the port; an empty name for the one whose address is the first packet's destination, or else the first
     * @param bytes all packets, one after the other, each from its IP header on
     * @param lengths of each
     * @param atPs the instant before which each doesn't start, or -1 for as soon as can be
     */
    record InjectPackets(String nic, byte[] bytes, int[] lengths, long[] atPs)
            implements WireCommand<NicViews.Injected> {}

    /**
     * Says what happens to packets that the machine sends from now on.
     *
     * @param nic the port
     */
    record SetImpairments(
            String nic,
            int lossPpb,
            int duplicatePpb,
            int reorderPpb,
            int corruptPpb,
            long delayPs,
            long jitterPs,
            long seed)
            implements WireCommand<WireViews.Wire> {}
}
