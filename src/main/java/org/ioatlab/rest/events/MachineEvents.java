package org.ioatlab.rest.events;

import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.ioatlab.lab.ClockView;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.machine.Command;
import org.ioatlab.rest.events.MachineEvent.Type;
import org.ioatlab.rest.json.CommandNames;

/**
 * Gathers the events of machines that somebody listens to: returns of calls and changes of clocks as they happen, the callbacks of DMA
 * clients by looking for them, several times a second.
 */
@Singleton
public class MachineEvents {
    /** How often machines are looked at while somebody listens, in milliseconds. */
    static final long LOOK_MILLIS = 200;

    private final ConcurrentHashMap<MachineHandle, EventLog> logs = new ConcurrentHashMap<>();

    MachineEvents(Vertx vertx) {
        vertx.setPeriodic(LOOK_MILLIS, timer -> look());
    }

    /** Tells that a call returned. */
    public void returned(MachineHandle machine, Command<?> command, Object result) {
        EventLog log = logs.get(machine);
        if (log != null) {
            String name = CommandNames.of(command);
            var _ = machine.clock()
                    .thenAccept(
                            clock -> log.add(new MachineEvent(0, Type.CALL, clock.nowNs(), name, null, null, result)));
        }
    }

    /** Tells that a clock has another setting. */
    public void changed(MachineHandle machine, ClockView clock) {
        EventLog log = logs.get(machine);
        if (log != null) {
            log.add(new MachineEvent(
                    0, Type.CLOCK, clock.nowNs(), clock.setting().state().name(), null, null, clock.setting()));
        }
    }

    /** The machine's log, brought up to date. */
    CompletionStage<EventLog> open(MachineHandle machine) {
        EventLog log = logs.computeIfAbsent(machine, unheard -> new EventLog());
        return refresh(machine, log).thenApply(done -> log);
    }

    private void look() {
        logs.forEach((machine, log) -> {
            if (log.isForgotten()) {
                logs.remove(machine);
            } else if (log.isHeard()) {
                var _ = refresh(machine, log).whenComplete((done, gone) -> {
                    if (gone != null) {
                        logs.remove(machine);
                        log.end();
                    }
                });
            }
        });
    }

    private static CompletionStage<?> refresh(MachineHandle machine, EventLog log) {
        return machine.look(log::news).thenAccept(news -> news.forEach(log::add));
    }
}
