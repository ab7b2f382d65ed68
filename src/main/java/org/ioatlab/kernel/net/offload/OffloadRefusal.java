package org.ioatlab.kernel.net.offload;

/** Why received bytes were copied by a processor, or not before their reader ran. */
public enum OffloadRefusal {
    /** The kernel was built or booted without copy offload. */
    NO_COPY_OFFLOAD,
    /** The data isn't TCP's. */
    NOT_TCP,
    /** No channel serves the processor. */
    NO_CHANNEL,
    /** The read asks for no more than {@code tcp_dma_copybreak}. */
    BELOW_COPYBREAK,
    /** MSG_PEEK: the data stays where it is. */
    PEEK,
    /** {@code tcp_low_latency}: there is no prequeue, and nobody waits in one. */
    LOW_LATENCY,
    /** As much as the read waits for is queued already (Linux 2.6.24). */
    DATA_QUEUED,
    /** The user's pages couldn't be pinned. */
    PIN_FAILED,
    /** Another read of the same socket has the engine. */
    READER_BUSY,
    /** Hardware hasn't verified the checksum (OLS 2005 paper, section 4.3). */
    NO_HARDWARE_CHECKSUM,
    /** Nobody waits for the data with a pinned buffer. */
    NO_WAITING_READER,
    /** The reader has been woken already and takes the rest from the queue. */
    READER_WOKEN,
    /** The segment is longer than what is left of the buffer. */
    DOES_NOT_FIT,
    /** Header prediction failed: out of order, a changed window, urgent data, a FIN. */
    NOT_FAST_PATH,
    /** The reader works on the socket, so the segment waits in the backlog. */
    SOCKET_OWNED,
    /** The channel took no copy: halted, suspended, removed, or out of descriptors. */
    CHANNEL_UNUSABLE,
    /** The engine had the copy and failed; a processor did it again. */
    CHANNEL_FAILED;

    /** How many there are. */
    public static final int COUNT = values().length;
}
