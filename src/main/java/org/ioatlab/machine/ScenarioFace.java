package org.ioatlab.machine;

import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.workload.scenario.CowRace;
import org.ioatlab.workload.scenario.PinLeak;
import org.ioatlab.workload.scenario.ScenarioPlace;
import org.ioatlab.workload.scenario.ScenarioProgram;
import org.ioatlab.workload.scenario.ZeroWindowDeadlock;
import org.jspecify.annotations.Nullable;

/** Lets a machine come upon known bugs, one at a time. */
final class ScenarioFace {
    private final Processors processors;
    private final SocketLayer sockets;
    private final WireFace wires;
    private final Platform platform;
    private final KernelSpec kernel;
    private @Nullable ScenarioProgram running;

    ScenarioFace(Processors processors, SocketLayer sockets, WireFace wires, Platform platform, KernelSpec kernel) {
        this.processors = processors;
        this.sockets = sockets;
        this.wires = wires;
        this.platform = platform;
        this.kernel = kernel;
    }

    Call<?> apply(ScenarioCommand<?> command) {
        return switch (command) {
            case ScenarioCommand.Run c -> run(c);
        };
    }

    void hashInto(StateHash hash) {
        hash.put(running != null);
        if (running != null) {
            running.feed(hash);
        }
    }

    private Call<ScenarioViews.Report> run(ScenarioCommand.Run c) {
        Ranges.require("timeout", c.timeoutPs(), 1, EventLoop.HORIZON_PS);
        Processor on = Machine.processor(processors, c.cpu());
        if (running != null) {
            throw Refusal.conflict("scenario-running", "A scenario runs on this machine.");
        }
        ScenarioPlace place = new ScenarioPlace(sockets, wires.firstHosts(), platform);
        Trial trial = new Trial(c.scenario(), processors.loop().nowPs());
        ScenarioProgram program = switch (c.scenario()) {
            case COW_RACE -> new CowRace(place, c.timeoutPs(), on, trial);
            case ZERO_WINDOW_DEADLOCK -> new ZeroWindowDeadlock(place, c.timeoutPs(), on, trial);
            case PIN_LEAK -> new PinLeak(place, c.timeoutPs(), on, trial);
        };
        running = program;
        program.start();
        return trial.call;
    }

    /** Answers the call when the program has ended. */
    private final class Trial implements ScenarioProgram.Listener {
        private final Scenario scenario;
        private final long startPs;
        private final Call<ScenarioViews.Report> call = new Call<>();

        Trial(Scenario scenario, long startPs) {
            this.scenario = scenario;
            this.startPs = startPs;
        }

        @Override
        public void over() {
            ScenarioProgram ended = running;
            running = null;
            EventLoop loop = processors.loop();
            if (ended != null) {
                answer(ended, loop);
            }
            loop.requestStop();
        }

        private void answer(ScenarioProgram ended, EventLoop loop) {
            String obstacle = ended.obstacle();
            if (obstacle == null) {
                call.complete(new ScenarioReports(scenario, kernel, startPs, loop.nowPs()).of(ended));
            } else {
                call.fail(Refusal.conflict("scenario-not-tried", "The scenario couldn't be tried: " + obstacle + "."));
            }
        }
    }
}
