package org.ioatlab.kernel.net.offload;

import org.ioatlab.kernel.dmaengine.Personality;

/**
 * What tells the kernels' copy offload apart.
 *
 * @param early where a copy may begin before its reader runs
 * @param copybreakBytes what {@code tcp_dma_copybreak} begins with: reads of at most this length aren't offloaded; 0 for no such limit
 * @param acknowledgesEarly whether what was copied early is acknowledged at once, in the softirq, instead of by its reader
 * @param heedsQueued whether a read isn't offloaded when as much as it waits for is queued already
 * @param onlyHardwareChecksums whether bytes whose checksum software had to verify are never given to the engine
 * @param chargesWhileCopying whether packets that wait for the engine still count against the receive buffer
 * @param drainsClosedWindow whether a reader waits for the engine and frees those packets before it sleeps with a closed window
 * @param issuesPending whether the engine is told of copies at the end of a receive softirq and of a read, not by each copy
 * @param issuesAfterCopy whether it is also told after each copy of queued data
 * @param unpinsFirst whether pages are let go before the packets are freed (OLS 2005 paper, section 4.3, steps 8 and 9)
 * @param failsUnpinnable whether a read fails whose pages can't be pinned, instead of being copied by a processor
 * @param leaksPins whether pages stay pinned for good when not all could be
 */
public record OffloadRules(
        Place early,
        int copybreakBytes,
        boolean acknowledgesEarly,
        boolean heedsQueued,
        boolean onlyHardwareChecksums,
        boolean chargesWhileCopying,
        boolean drainsClosedWindow,
        boolean issuesPending,
        boolean issuesAfterCopy,
        boolean unpinsFirst,
        boolean failsUnpinnable,
        boolean leaksPins) {

    /** Where a copy may begin before its reader runs. */
    public enum Place {
        /** In {@code tcp_prequeue}; the segment then waits for its reader, who acknowledges it. */
        PREQUEUE,
        /** In the softirq's {@code tcp_rcv_established}; the prequeue isn't used. */
        FAST_PATH,
        /** Only where the reader itself works segments off. */
        READER
    }

    private static final int USUAL_COPYBREAK = 4096;

    /**
     * The rules of a kernel: the paper's from its section 4.3, the others' from Linux's {@code net/ipv4/tcp.c}, {@code tcp_input.c} and {@code
     * drivers/dma/iovlock.c}.
     */
    public static OffloadRules of(Personality personality) {
        return switch (personality) {
            case OLS2005 ->
                new OffloadRules(Place.PREQUEUE, 0, false, false, true, false, false, false, false, true, false, false);
            case LINUX_2_6_18 ->
                new OffloadRules(
                        Place.FAST_PATH,
                        USUAL_COPYBREAK,
                        true,
                        false,
                        false,
                        true,
                        false,
                        true,
                        false,
                        false,
                        true,
                        true);
            case LINUX_2_6_24 ->
                new OffloadRules(
                        Place.FAST_PATH,
                        USUAL_COPYBREAK,
                        true,
                        true,
                        false,
                        true,
                        false,
                        true,
                        false,
                        false,
                        true,
                        true);
            case LINUX_3_12 ->
                new OffloadRules(
                        Place.READER, USUAL_COPYBREAK, true, true, false, true, true, true, true, false, false, true);
        };
    }
}
