package org.ioatlab.machine;

import org.ioatlab.observe.ProfileEvent;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to observation. None of it changes what the machine does.
 *
 * @param <R> what it answers
 */
public sealed interface ObservationCommand<R> extends Command<R> {
    /** Forgets the profile. */
    record ResetProfile() implements ObservationCommand<Done> {}

    /**
     * Forgets the profile and says what its samples are counted by from now on.
     *
     * @param event null for the one before
     * @param periodCycles events from sample to sample; null for as many as before
     */
    record SetProfile(
            @Nullable ProfileEvent event, @Nullable Long periodCycles)
            implements ObservationCommand<CpuViews.Sampling> {}

    /** Sets the statistics of receiving back to 0. */
    record ResetStatistics() implements ObservationCommand<Done> {}

    /** Starts or stops keeping the timeline. */
    record SetTimeline(boolean enabled) implements ObservationCommand<Done> {}
}
