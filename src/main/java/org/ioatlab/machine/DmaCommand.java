package org.ioatlab.machine;

import java.util.List;
import org.ioatlab.hardware.dma.FaultType;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with the DMA subsystem. All are kernel calls that run on processor {@code cpu} and cost its cycles, but for injecting
 * faults, which is the laboratory's own hand.
 *
 * @param <R> what it answers
 */
public sealed interface DmaCommand<R> extends Command<R> {
    /** {@code dma_client_register()}; the name becomes the id, null for a generated one. */
    record RegisterClient(@Nullable String name, int cpu) implements DmaCommand<DmaViews.Client> {}

    /** {@code dma_client_unregister()}. */
    record UnregisterClient(String client, int cpu) implements DmaCommand<Done> {}

    /** {@code dma_client_chan_request()}. */
    record RequestChannels(String client, int number, int cpu) implements DmaCommand<DmaViews.ChannelRequest> {}

    /**
     * {@code dma_memcpy_buf_to_buf/_buf_to_pg/_pg_to_pg()}, one call a copy.
     *
     * @param channel where; null for a channel of {@code client}
     * @param client who asks; null for whoever owns the channel
     * @param copies 1 to {@link DmaFace#MOST_COPIES}
     * @param fallbackToCpu whether the processor copies when no channel can
     */
    record SubmitCopies(
            @Nullable String channel, @Nullable String client, List<Copy> copies, boolean fallbackToCpu, int cpu)
            implements DmaCommand<DmaViews.Submitted> {}

    /** One copy of {@code len} bytes. */
    record Copy(Place dest, Place src, int len) {}

    /** A place in a buffer or a page: exactly one of them is named. */
    record Place(@Nullable String buffer, @Nullable String page, int offset) {}

    /** {@code dma_memcpy_complete()}. */
    record CompleteCookie(String channel, int cookie, int cpu) implements DmaCommand<DmaViews.Cookie> {}

    /** {@code dma_wait_for_completion()}: sleeps until the copy is done, has failed, or the time is over. */
    record WaitForCookie(String channel, int cookie, long timeoutPs, int cpu) implements DmaCommand<DmaViews.Cookie> {}

    /** {@code dma_memcpy_issue_pending()}. */
    record IssuePending(String channel, int cpu) implements DmaCommand<DmaViews.Channel> {}

    /** Writes a channel command, as the driver would. */
    record ControlChannel(String channel, Control control, int cpu) implements DmaCommand<DmaViews.Channel> {}

    /** Channel commands that a user can give. */
    enum Control {
        SUSPEND,
        RESUME,
        ABORT,
        RESET
    }

    /** Makes the engine fail at the channel's next descriptor after {@code afterDescriptors} more. */
    record InjectFault(String channel, FaultType type, int afterDescriptors) implements DmaCommand<DmaViews.Fault> {}

    /** Takes an injected fault back. */
    record RemoveFault(String channel, String fault) implements DmaCommand<Done> {}

    /** dmatest with its parameters; {@code iterations} is limited. */
    record SelfTest(
            @Nullable String channel,
            int testBufSize,
            int iterations,
            int timeoutMs,
            int threadsPerChan,
            int maxChannels,
            int cpu)
            implements DmaCommand<DmaViews.SelfTestResult> {}

    /** A driver's read of an engine register, side effects included. */
    record ReadRegister(String register, int cpu) implements DmaCommand<DmaViews.Register> {}

    /** A driver's write of an engine register. */
    record WriteRegister(String register, long value, int cpu) implements DmaCommand<DmaViews.Register> {}
}
