package org.ioatlab.workload.packetdrill.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a system call returned.
 *
 * @param result its result, -1 where it failed
 * @param errno why it failed, by name, or nothing
 * @param atNs when it returned, on the machine's clock
 * @param values what it wrote: an option's numbers, each descriptor's revents for {@code poll()}, events and data in turn for
 *     {@code epoll_wait()}, the flags of a message for {@code recvmsg()}, the number for {@code ioctl()}
 * @param text an option that is a string
 * @param zeros whether all bytes that were read are 0, as scripts send them
 */
public record CallOutcome(
        long result,
        @Nullable String errno,
        long atNs,
        List<Long> values,
        @Nullable String text,
        boolean zeros) {
    public CallOutcome {
        values = List.copyOf(values);
    }

    /** A call that returned a number and wrote nothing. */
    public static CallOutcome of(long result, long atNs) {
        return new CallOutcome(result, null, atNs, List.of(), null, true);
    }

    /** A call that failed. */
    public static CallOutcome failed(String errno, long atNs) {
        return new CallOutcome(-1, errno, atNs, List.of(), null, true);
    }

    /** As a script writes it: {@code -1 EAGAIN}. */
    @Override
    public String toString() {
        return errno == null ? Long.toString(result) : result + " " + errno;
    }
}
