package org.ioatlab.kernel.dmaengine;

/**
 * Arithmetic of {@code dma_cookie_t}: positive numbers given out in order that wrap from the largest {@code int} to 1; negative ones are error numbers.
 */
public final class Cookies {
    private Cookies() {}

    /** The cookie after {@code cookie}. */
    public static int next(int cookie) {
        int next = cookie + 1;
        return next < 1 ? 1 : next;
    }

    /**
     * The kernel's {@code dma_async_is_complete()}: done cookies are those up to {@code lastComplete}, seen around the wrap. A cookie that was
     * never given out compares as done.
     */
    public static DmaStatus compare(int cookie, int lastComplete, int lastUsed) {
        boolean done = lastComplete <= lastUsed
                ? cookie <= lastComplete || cookie > lastUsed
                : cookie <= lastComplete && cookie > lastUsed;
        return done ? DmaStatus.DMA_SUCCESS : DmaStatus.DMA_IN_PROGRESS;
    }

    /**
     * Whether a channel that began with {@code first} and has now given out {@code lastUsed} ever gave out {@code cookie}; {@code wrapped}
     * tells whether it has passed the largest number.
     */
    public static boolean isIssued(int cookie, int first, int lastUsed, boolean wrapped) {
        return wrapped ? cookie >= first || (cookie > 0 && cookie <= lastUsed) : cookie >= first && cookie <= lastUsed;
    }
}
