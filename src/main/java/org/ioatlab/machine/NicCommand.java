package org.ioatlab.machine;

import java.util.List;
import org.ioatlab.observe.CaptureDirection;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to a network port. Everything here is the laboratory's own hand and costs the machine no time.
 *
 * @param <R> what it answers
 */
public sealed interface NicCommand<R> extends Command<R> {
    /** Changes settings, or pulls the cable ({@code linkUp} false) and puts it back; null leaves one as it is. */
    record Configure(
            String nic,
            @Nullable Boolean splitHeaders,
            @Nullable Boolean checksumOffload,
            @Nullable Integer receiveQueues,
            @Nullable Integer interruptsPerSecond,
            @Nullable Boolean promiscuous,
            @Nullable Boolean tso,
            @Nullable Boolean linkUp)
            implements NicCommand<NicViews.Nic> {}

    /** Changes how queues are chosen; null leaves it as it is. */
    record SetRss(
            String nic,
            byte @Nullable [] key,
            @Nullable List<Integer> indirectionTable,
            @Nullable List<String> hashFields)
            implements NicCommand<NicViews.Rss> {}

    /**
     * Puts frames on the wire towards the port, the first as soon as the link is free.
     *
     * @param bytes all frames, one after the other
     * @param lengths of each
     * @param gapsPs before each: from the start of the frame before (or from now) when {@code captured}, idle time on the link otherwise
     * @param captured whether gaps are distances between starts
     */
    record InjectFrames(String nic, byte[] bytes, int[] lengths, long[] gapsPs, boolean captured)
            implements NicCommand<NicViews.Injected> {}

    /** Sets up the capture of what the port sees; null leaves a setting as it is. */
    record SetCapture(
            String nic,
            @Nullable Boolean enabled,
            @Nullable Integer snapLength,
            @Nullable String filter,
            @Nullable CaptureDirection direction)
            implements NicCommand<NicViews.Capture> {}

    /** Lets the packet tap keep up to {@code hold} received packets instead of freeing them. */
    record SetTap(String nic, int hold) implements NicCommand<NicViews.Tap> {}

    /** Frees packets that the tap holds: those up to {@code throughSequence}, or all when null. */
    record ReleasePackets(String nic, @Nullable Long throughSequence) implements NicCommand<NicViews.Tap> {}
}
