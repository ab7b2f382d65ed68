package org.ioatlab.workload.traffic;

/**
 * How far a flow has come.
 *
 * @param state where it stands
 * @param localPort the remote host's port, 0 before there is one
 * @param remotePort the machine's port, 0 before there is one
 * @param sentBytes payload sent at least once
 * @param acknowledgedBytes payload acknowledged
 * @param goodputBytes what counts for goodput: payload acknowledged, sent where nothing is acknowledged, received where the machine sends
 * @param receivedBytes payload that came back
 * @param retransmittedSegments sent again
 * @param exchanges requests that were answered
 * @param mismatchAt where what came back differs first from what was sent, or -1
 * @param error why it failed, a kernel's errno, or 0
 * @param firstSentPs when the first of those data left or came, or -1
 * @param lastAcknowledgedPs when the last of them were acknowledged or came, or -1
 */
public record FlowFigures(
        FlowState state,
        int localPort,
        int remotePort,
        long sentBytes,
        long acknowledgedBytes,
        long goodputBytes,
        long receivedBytes,
        long retransmittedSegments,
        long exchanges,
        long mismatchAt,
        int error,
        long firstSentPs,
        long lastAcknowledgedPs) {
    /** A flow that has done nothing. */
    public static final FlowFigures NONE =
            new FlowFigures(FlowState.WAITING, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, Traffic.NEVER, Traffic.NEVER);

    private static final long PS_PER_BIT_AT_1_KBPS = 1_000_000_000L;

    /** Both together; state and ports are those of the other one. */
    public FlowFigures plus(FlowFigures other) {
        return new FlowFigures(
                other.state,
                other.localPort,
                other.remotePort,
                sentBytes + other.sentBytes,
                acknowledgedBytes + other.acknowledgedBytes,
                goodputBytes + other.goodputBytes,
                receivedBytes + other.receivedBytes,
                retransmittedSegments + other.retransmittedSegments,
                exchanges + other.exchanges,
                mismatchAt >= 0 ? mismatchAt : other.mismatchAt,
                error != 0 ? error : other.error,
                earlier(firstSentPs, other.firstSentPs),
                Math.max(lastAcknowledgedPs, other.lastAcknowledgedPs));
    }

    /** What counts for goodput, between the first data's departure and the last one's acknowledgment, 10^3 bits a second. */
    public long goodputKbps() {
        long elapsedPs = lastAcknowledgedPs - firstSentPs;
        if (firstSentPs < 0 || elapsedPs <= 0) {
            return 0;
        }
        long high = Math.multiplyHigh(goodputBytes * Byte.SIZE, PS_PER_BIT_AT_1_KBPS);
        return high == 0
                ? Long.divideUnsigned(goodputBytes * Byte.SIZE * PS_PER_BIT_AT_1_KBPS, elapsedPs)
                : goodputBytes * Byte.SIZE / Math.max(elapsedPs / PS_PER_BIT_AT_1_KBPS, 1);
    }

    private static long earlier(long a, long b) {
        return a < 0 ? b : b < 0 ? a : Math.min(a, b);
    }
}
