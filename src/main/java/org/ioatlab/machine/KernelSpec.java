package org.ioatlab.machine;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.ioatlab.kernel.dmaengine.Personality;
import org.jspecify.annotations.Nullable;

/**
 * Choices of the kernel.
 *
 * @param personality which kernel's DMA subsystem and copy offload
 * @param copyOffload whether received data is copied to users by the engine
 * @param napiWeight packets of one device in one poll, 1 to 1000
 * @param napiBudget packets of all devices in one softirq, 1 to 10 000
 * @param ackPolicy where acknowledgements are generated
 * @param tcpPersona whose TCP details
 * @param packetTap whether a packet socket listens to all that is received
 * @param copybreakBytes reads of at most this length aren't offloaded ({@code tcp_dma_copybreak}); null for the personality's own
 * @param offloadChannels channels that the network stack asks for, 0 to 64; null for one a logical processor
 */
public record KernelSpec(
        @NotNull Personality personality,
        boolean copyOffload,
        @Min(1) @Max(1000) int napiWeight,
        @Min(1) @Max(10_000) int napiBudget,
        @NotNull AckPolicy ackPolicy,
        @NotNull TcpPersona tcpPersona,
        boolean packetTap,
        @Nullable @Min(0) Integer copybreakBytes,
        @Nullable @Min(0) @Max(64) Integer offloadChannels) {

    /** Where acknowledgements are generated. */
    public enum AckPolicy {
        /** When the receiving process runs (OLS 2005 paper, section 4.3). */
        PROCESS_CONTEXT,
        /** As soon as the segment is processed. */
        SOFTIRQ
    }

    /** Whose details of TCP. */
    public enum TcpPersona implements Labelled {
        LINUX_2_6_12("linux-2.6.12"),
        LINUX_MODERN("linux-modern"),
        FREEBSD("freebsd");

        private final String label;

        TcpPersona(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }
    }
}
