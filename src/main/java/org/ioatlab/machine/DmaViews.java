package org.ioatlab.machine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be seen of the DMA subsystem and the copy engine. */
public interface DmaViews {
    /**
     * A registered client.
     *
     * @param desired channels asked for
     * @param channels those it has, oldest first
     * @param pending those it waits for
     */
    record Client(String id, String name, int desired, List<String> channels, int pending) {}

    /** The answer to a request for channels; see {@link Client}. */
    record ChannelRequest(int desired, List<String> channels, int pending) {}

    /** One call of a client's event callback. */
    record Event(long sequence, long atNs, String event, String channel) {}

    /**
     * A channel.
     *
     * @param client who owns it, or null
     * @param status ACTIVE, IDLE, SUSPENDED or HALTED, as CHANSTS tells
     * @param error names of the CHANERR bits that are set
     * @param lastUsedCookie the newest cookie given out
     * @param lastCompletedCookie the driver's record, moved by its cleanup
     * @param memcpyCount calls so far
     * @param bytesTransferred bytes asked for so far
     * @param queuedDescriptors descriptors that the driver holds as used
     * @param pendingDescriptors those of them that the engine hasn't been told of
     */
    record Channel(
            String id,
            String device,
            @Nullable String client,
            String status,
            List<String> error,
            int lastUsedCookie,
            int lastCompletedCookie,
            long memcpyCount,
            long bytesTransferred,
            int queuedDescriptors,
            int pendingDescriptors,
            int allocatedDescriptors) {}

    /**
     * One submitted copy.
     *
     * @param cookie null when the processor copied
     * @param memcpy BUF_TO_BUF, BUF_TO_PG or PG_TO_PG
     * @param copiedBy ENGINE or CPU
     */
    record Copy(
            @Nullable Integer cookie, String memcpy, String status, String copiedBy, int descriptors, long cycles) {}

    /**
     * The copies of one call.
     *
     * @param channel that took them, or null when the processor copied
     * @param nowNs the clock when the call returned
     */
    record Submitted(@Nullable String channel, List<Copy> copies, long nowNs) {}

    /**
     * A cookie.
     *
     * @param status DMA_SUCCESS, DMA_IN_PROGRESS or DMA_ERROR
     * @param waitedNs how long a wait took, or null
     * @param timedOut whether a wait ended by its timeout, or null
     * @param cycles what the call cost its processor, or null for a look from outside
     */
    record Cookie(
            int cookie,
            String status,
            int lastCompletedCookie,
            int lastUsedCookie,
            @Nullable Long waitedNs,
            @Nullable Boolean timedOut,
            @Nullable Long cycles,
            long nowNs) {}

    /** An injected fault and whether it has struck. */
    record Fault(
            String id,
            String type,
            int afterDescriptors,
            boolean struck,
            @Nullable Long struckAtNs) {}

    /**
     * A register.
     *
     * @param name for example {@code CHANCNT}, or {@code chan0.CHANSTS}
     * @param offset from the base address, {@code 0x…}
     * @param bytes width
     * @param value {@code 0x…}
     * @param decoded its fields
     */
    record Register(String name, String offset, int bytes, String value, Map<String, Object> decoded) {}

    /** All registers of one engine. */
    record Registers(String device, List<Register> registers) {}

    /**
     * What dmatest found.
     *
     * @param lines as it logs them
     * @param summary its last line
     */
    record SelfTestResult(
            boolean passed,
            int iterations,
            int failures,
            long bytes,
            long elapsedNs,
            List<String> lines,
            String summary) {}
}
