package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.kernel.net.ip.IpLayer;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.packetdrill.EventResult;
import org.ioatlab.workload.packetdrill.ScriptReport;
import org.ioatlab.workload.packetdrill.live.LiveRun;
import org.ioatlab.workload.packetdrill.script.Script;
import org.ioatlab.workload.packetdrill.script.ScriptSyntaxException;
import org.ioatlab.workload.packetdrill.script.SyntaxError;

/** Runs test scripts on a machine, one at a time. */
final class PacketdrillFace {
    private final Processors processors;
    private final SocketLayer sockets;
    private final IpLayer ip;
    private final WireFace wires;
    private boolean running;

    PacketdrillFace(Processors processors, SocketLayer sockets, IpLayer ip, WireFace wires) {
        this.processors = processors;
        this.sockets = sockets;
        this.ip = ip;
        this.wires = wires;
    }

    Call<?> apply(PacketdrillCommand<?> command) {
        return switch (command) {
            case PacketdrillCommand.Run c -> run(c);
        };
    }

    private Call<PacketdrillViews.Report> run(PacketdrillCommand.Run command) {
        Processor processor = Machine.processor(processors, command.cpu());
        if (running) {
            throw Refusal.conflict("script-running", "A script runs on this machine.");
        }
        Call<PacketdrillViews.Report> call = new Call<>();
        try {
            Script script = Script.parse(command.script());
            new LiveRun(script, processor, sockets, ip, wires.first(), new End(call));
        } catch (ScriptSyntaxException e) {
            throw refusal(e);
        }
        running = true;
        return call;
    }

    private static Refusal refusal(ScriptSyntaxException e) {
        List<Map<String, Object>> errors = new ArrayList<>();
        for (SyntaxError error : e.errors()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("line", error.at().line());
            entry.put("column", error.at().column());
            entry.put("message", error.message());
            errors.add(entry);
        }
        SyntaxError first = e.errors().getFirst();
        String detail = "Line " + first.at().line() + ", column " + first.at().column() + ": " + first.message() + ".";
        return new Refusal(Refusal.Kind.MALFORMED, "script-not-understood", detail).with("errors", errors);
    }

    /** Answers the call when the script is over. */
    private final class End implements LiveRun.Listener {
        private final Call<PacketdrillViews.Report> call;

        End(Call<PacketdrillViews.Report> call) {
            this.call = call;
        }

        @Override
        public void over(ScriptReport report) {
            running = false;
            EventLoop loop = processors.loop();
            call.complete(new PacketdrillViews.Report(
                    report.passed(),
                    report.startNs(),
                    report.results().stream().map(PacketdrillFace::line).toList(),
                    Picoseconds.toNanoseconds(loop.nowPs())));
            loop.requestStop();
        }
    }

    private static PacketdrillViews.Line line(EventResult result) {
        return new PacketdrillViews.Line(
                result.line(),
                result.status().name(),
                result.expected(),
                result.actual().isEmpty() ? null : result.actual(),
                result.atNs() < 0 ? null : result.atNs());
    }
}
