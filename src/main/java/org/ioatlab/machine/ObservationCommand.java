package org.ioatlab.machine;

/**
 * What can be done to observation. None of it changes what the machine does.
 *
 * @param <R> what it answers
 */
public sealed interface ObservationCommand<R> extends Command<R> {
    /** Forgets the profile. */
    record ResetProfile() implements ObservationCommand<Done> {}

    /** Starts or stops keeping the timeline. */
    record SetTimeline(boolean enabled) implements ObservationCommand<Done> {}
}
