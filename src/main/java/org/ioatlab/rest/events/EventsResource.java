package org.ioatlab.rest.events;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.operations.Answers;

/** What happens to a machine, as it happens. */
@Path(Api.MACHINE + "/events")
@Tag(name = "Observation")
@NonBlocking
public class EventsResource {
    private final Answers answers;
    private final MachineEvents events;

    EventsResource(Answers answers, MachineEvents events) {
        this.answers = answers;
        this.events = events;
    }

    /**
     * Events as a stream.
     *
     * @param lastEventId the last one that the client has seen; all that are kept come without it
     * @param follow false ends the stream after what is kept
     */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            operationId = "streamEvents",
            summary = "Returns of calls, callbacks of DMA clients and changes of the clock, as server-sent events")
    public Multi<OutboundSseEvent> events(
            @PathParam("machine") String machine,
            @HeaderParam("Last-Event-ID") @DefaultValue("0") long lastEventId,
            @QueryParam("follow")
                    @DefaultValue("true")
                    @Parameter(description = "false ends the stream after what is kept", example = "false")
                    boolean follow,
            @Context Sse sse) {
        MachineHandle handle = answers.machine(machine);
        return Uni.createFrom()
                .completionStage(events.open(handle))
                .onItem()
                .transformToMulti(log ->
                        follow ? follow(log, lastEventId) : Multi.createFrom().iterable(log.after(lastEventId)))
                .map(event -> outbound(sse, event));
    }

    private static Multi<MachineEvent> follow(EventLog log, long after) {
        return Multi.createFrom()
                .emitter(
                        emitter -> {
                            EventLog.Listener listener = new Emitting(emitter);
                            emitter.onTermination(() -> log.leave(listener));
                            log.listen(after, listener);
                        },
                        EventLog.MOST_EVENTS);
    }

    private static OutboundSseEvent outbound(Sse sse, MachineEvent event) {
        return sse.newEventBuilder()
                .id(Long.toString(event.id()))
                .name(event.type().name())
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(event)
                .build();
    }

    /** Passes events on to a stream. */
    private record Emitting(MultiEmitter<? super MachineEvent> emitter) implements EventLog.Listener {
        @Override
        public void happened(MachineEvent event) {
            emitter.emit(event);
        }

        @Override
        public void ended() {
            emitter.complete();
        }
    }
}
