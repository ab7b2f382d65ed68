package org.ioatlab.rest.operations;

import java.util.concurrent.CompletionStage;
import org.ioatlab.lab.Cancellation;
import org.ioatlab.lab.MachineHandle;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Work that somebody waits for.
 *
 * @param summary what is done, for people
 * @param machine on which, or null for none that is there yet
 * @param answer what the client gets
 * @param cancellation by which it can be cut short, or null when it can't
 */
public record Work<T>(
        String summary,
        @Nullable MachineHandle machine,
        CompletionStage<RestResponse<T>> answer,
        @Nullable Cancellation cancellation) {}
