package org.ioatlab.kernel.sched;

/** Where protocols arm their timers: a machine's kernel, or a host outside that has none. */
public interface TimerService {
    /**
     * Lets {@code timer} expire at {@code atPs}, or at the next chance if that is past; one that is pending is moved.
     *
     * @param on who arms it, and where it will expire
     */
    void arm(KernelTimer timer, long atPs, Work on);

    /** Takes {@code timer} back; does nothing to one that isn't pending. */
    void cancel(KernelTimer timer);
}
