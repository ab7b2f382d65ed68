package org.ioatlab.machine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of copy offload's bugs, and what trying them came to. */
public interface ScenarioViews {
    /**
     * A known bug.
     *
     * @param id what it is started by
     * @param goesWrong what happens where the kernel has the bug
     * @param goesWell where it doesn't happen, and why
     * @param affected personalities that have it, with {@code copyOffload}
     */
    record Description(
            String id, String title, String goesWrong, String goesWell, List<String> affected, String source) {
        public Description {
            affected = List.copyOf(affected);
        }
    }

    /**
     * What came of a bug on a machine.
     *
     * @param wentWrong whether the machine did what it shouldn't
     * @param what that in words
     * @param receivedBytes what the program's reads returned in all
     * @param cowRace figures of COW_RACE
     * @param zeroWindow figures of ZERO_WINDOW_DEADLOCK
     * @param pinLeak figures of PIN_LEAK
     * @param offload who copied what was read
     * @param startNs the machine's time at the begin
     * @param nowNs the same at the end
     */
    record Report(
            Scenario scenario,
            String personality,
            boolean copyOffload,
            boolean wentWrong,
            String what,
            long receivedBytes,
            @Nullable CowRace cowRace,
            @Nullable ZeroWindow zeroWindow,
            @Nullable PinLeak pinLeak,
            SocketViews.Offload offload,
            long startNs,
            long nowNs) {}

    /**
     * Of the fork and copy-on-write race.
     *
     * @param wrongBytes of the read that aren't what was sent
     * @param mismatchAt where the first of them is; absent without any
     * @param bytesInChild those of them that lie in the child's pages instead
     * @param copiedPages pages that the program got copies of as it wrote
     */
    record CowRace(int wrongBytes, @Nullable Integer mismatchAt, int bytesInChild, int copiedPages) {}

    /**
     * Of the zero-window deadlock.
     *
     * @param askedBytes by the read
     * @param queuedBytes when it began
     * @param stalledNs how long the sender had got no further when the read ended; 0 if it returned all
     * @param rcvWnd the window that the machine offered at last
     * @param chargedBytes memory that counted against the receive buffer then
     * @param receiveBuffer in bytes
     * @param probes how often the sender probed a closed window
     */
    record ZeroWindow(
            int askedBytes,
            int queuedBytes,
            long stalledNs,
            int rcvWnd,
            int chargedBytes,
            int receiveBuffer,
            int probes) {}

    /**
     * Of the pin leak.
     *
     * @param askedBytes by each read
     * @param reads that returned
     * @param failedReads those of them that returned an error
     * @param error the last read's; absent if it returned bytes
     * @param pinnedPagesBefore the machine's, as its memory shows them
     * @param pinnedPagesAfter the same after the reads
     * @param leakedPins how often pages of the program stay pinned by nobody
     * @param lostPages pages that stay allocated for good
     */
    record PinLeak(
            int askedBytes,
            int reads,
            int failedReads,
            @Nullable String error,
            int pinnedPagesBefore,
            int pinnedPagesAfter,
            int leakedPins,
            int lostPages) {}
}
