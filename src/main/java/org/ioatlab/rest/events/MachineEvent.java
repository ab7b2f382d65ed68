package org.ioatlab.rest.events;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a machine.
 *
 * @param id counted up from 1 while somebody listens
 * @param type what kind of thing
 * @param atNs virtual time
 * @param name the call's name, the client's event, or the clock's new state
 * @param client of the DMA subsystem, for its events
 * @param channel for events of the DMA subsystem
 * @param result what a call answered, or the clock's setting
 */
public record MachineEvent(
        long id,
        Type type,
        long atNs,
        String name,
        @Nullable String client,
        @Nullable String channel,
        @Nullable Object result) {
    /** What kind of thing. */
    public enum Type {
        /** The clock's setting changed. */
        CLOCK,
        /** A call returned. */
        CALL,
        /** A client's event callback was called. */
        DMA
    }

    MachineEvent numbered(long number) {
        return new MachineEvent(number, type, atNs, name, client, channel, result);
    }
}
