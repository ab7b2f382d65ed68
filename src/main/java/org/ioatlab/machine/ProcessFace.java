package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.net.socket.Errors;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.workload.program.ConnectionFigures;
import org.ioatlab.workload.program.ExpectedStreams;
import org.ioatlab.workload.program.ProgramProcess;
import org.ioatlab.workload.program.ProgramSpec;
import org.ioatlab.workload.program.ProgramType;
import org.jspecify.annotations.Nullable;

/** Programs as users of a machine see them. */
public final class ProcessFace {
    /** The most programs of one machine. */
    public static final int MOST_PROCESSES = 1000;

    /** The most that a program may ask for by one read. */
    public static final int MOST_READ_BYTES = 4 << 20;

    /** The most connections that one program serves at a time. */
    public static final int MOST_CONNECTIONS = 20_000;

    private static final int LARGEST_PORT = 65_535;

    private final SocketLayer sockets;
    private final Processors processors;
    private final ExpectedStreams expected;
    private final Platform platform;
    private final Map<String, ProgramProcess> processes = new LinkedHashMap<>();
    private int started;

    ProcessFace(SocketLayer sockets, Processors processors, ExpectedStreams expected, Platform platform) {
        this.sockets = sockets;
        this.processors = processors;
        this.expected = expected;
        this.platform = platform;
    }

    Call<?> apply(ProcessCommand<?> command) {
        return switch (command) {
            case ProcessCommand.Start c -> start(c);
            case ProcessCommand.Kill c -> {
                find(c.process());
                yield new KillTask(this, c, Machine.processor(processors, c.cpu())).start();
            }
        };
    }

    /** All programs, oldest first, without their connections. */
    public List<ProcessViews.Program> processes() {
        return processes.keySet().stream().map(id -> view(id, false)).toList();
    }

    /** One program with its connections. */
    public ProcessViews.Program process(String id) {
        return view(id, true);
    }

    void hashInto(StateHash hash) {
        hash.put(started);
        for (ProgramProcess process : processes.values()) {
            process.hashInto(hash);
        }
    }

    ProgramProcess find(String id) {
        ProgramProcess process = processes.get(id);
        if (process == null) {
            throw Refusal.unknown("process", id);
        }
        return process;
    }

    void forget(String id) {
        processes.remove(id);
    }

    private Call<?> start(ProcessCommand.Start c) {
        require(c);
        Processor on = Machine.processor(processors, c.cpu() == null ? 0 : c.cpu());
        return new StartTask(this, c, on).start();
    }

    private void require(ProcessCommand.Start c) {
        Ranges.require("readBytes", c.readBytes(), 1, MOST_READ_BYTES);
        Ranges.require("port", c.port() == null ? 1 : c.port(), 1, LARGEST_PORT);
        Ranges.require("backlog", c.backlog(), 0, SocketFace.LARGEST_BACKLOG);
        Ranges.require("mostConnections", c.mostConnections(), 1, MOST_CONNECTIONS);
        Ranges.require("duration", c.durationPs() == null ? 0 : c.durationPs(), 0, Long.MAX_VALUE);
        SocketFlags.of(c.readFlags());
        boolean computes = c.program() == ProgramType.COMPUTE;
        if (computes != (c.port() == null)) {
            throw Refusal.meaningless(
                    "bad-program", computes ? "COMPUTE listens on no port." : c.program() + " needs a port.");
        }
        if (processes.size() >= MOST_PROCESSES) {
            throw new Refusal(
                    Refusal.Kind.LIMIT, "too-many-processes", "A machine has at most " + MOST_PROCESSES + " programs.");
        }
        requireNew(c.name());
    }

    private void requireNew(@Nullable String name) {
        if (name != null && processes.containsKey(name)) {
            throw Refusal.conflict("process-name-taken", "There is a process " + name + " already.");
        }
    }

    /** Starts it in process context; answers its view. */
    ProcessViews.Program start(ProcessCommand.Start c, Processor on) {
        requireNew(c.name());
        String id = c.name() == null ? generatedName() : c.name();
        ProgramProcess process = new ProgramProcess(id, spec(c), sockets, expected, platform);
        int error = process.start(on);
        if (error != 0) {
            Errors named = Errors.of(error);
            throw Refusal.conflict("socket-error", "listen failed: " + named + ".")
                    .with("errno", error)
                    .with("error", String.valueOf(named));
        }
        processes.put(id, process);
        return view(id, true);
    }

    private String generatedName() {
        String id = "p" + ++started;
        while (processes.containsKey(id)) {
            id = "p" + ++started;
        }
        return id;
    }

    private static ProgramSpec spec(ProcessCommand.Start c) {
        return new ProgramSpec(
                c.program(),
                c.port() == null ? 0 : c.port(),
                c.readBytes(),
                SocketFlags.of(c.readFlags()),
                c.backlog(),
                c.mostConnections(),
                c.cpu() == null ? -1 : c.cpu(),
                c.verify(),
                c.durationPs() == null ? Long.MAX_VALUE : c.durationPs(),
                Boolean.TRUE.equals(c.pagedOut()));
    }

    private ProcessViews.Program view(String id, boolean withConnections) {
        ProgramProcess process = find(id);
        ProgramSpec spec = process.spec();
        return new ProcessViews.Program(
                id,
                spec.type().name(),
                spec.port() == 0 ? null : spec.port(),
                spec.cpu() < 0 ? null : spec.cpu(),
                spec.readBytes(),
                SocketFlags.names(spec.readFlags()),
                spec.verification().name(),
                state(process),
                process.accepted(),
                process.receivedBytes(),
                process.sentBytes(),
                SocketViews.Offload.of(process.copies()),
                process.pagesIn(),
                process.cycles(),
                withConnections ? connections(process) : null,
                Picoseconds.toNanoseconds(processors.loop().nowPs()));
    }

    private static ProcessViews.State state(ProgramProcess process) {
        Task main = process.mainTask();
        String doing = process.isOver()
                ? "OVER"
                : process.isKilled()
                        ? "ENDING"
                        : process.spec().type() == ProgramType.COMPUTE ? "COMPUTING" : "ACCEPTING";
        return new ProcessViews.State(
                doing,
                main == null ? "" : main.state().name(),
                main == null ? 0 : main.processor().cpu().id(),
                process.openConnections());
    }

    private static List<ProcessViews.Connection> connections(ProgramProcess process) {
        List<ProcessViews.Connection> views = new ArrayList<>();
        for (ConnectionFigures each : process.connections()) {
            Errors error = each.errno() == 0 ? null : Errors.of(each.errno());
            views.add(new ProcessViews.Connection(
                    each.socket() == 0 ? null : SocketFace.id(each.socket()),
                    each.remoteAddress(),
                    each.remotePort(),
                    each.stage(),
                    each.taskState(),
                    each.cpu(),
                    each.receivedBytes(),
                    each.sentBytes(),
                    each.reads(),
                    error == null ? null : error.name(),
                    each.sha256(),
                    each.compared() ? each.mismatchAt() < 0 : null,
                    each.mismatchAt() < 0 ? null : each.mismatchAt(),
                    each.cycles()));
        }
        return views;
    }
}
