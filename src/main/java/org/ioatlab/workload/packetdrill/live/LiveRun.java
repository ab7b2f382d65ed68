package org.ioatlab.workload.packetdrill.live;

import org.ioatlab.kernel.net.ip.IpLayer;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.workload.packetdrill.ScriptReport;
import org.ioatlab.workload.packetdrill.ScriptRun;
import org.ioatlab.workload.packetdrill.script.Script;
import org.ioatlab.workload.packetdrill.script.ScriptSyntaxException;
import org.ioatlab.workload.wire.Wire;

/** A script that runs on a machine: goes on at instants of the machine's clock, without whoever lets the machine run knowing. */
public final class LiveRun {
    /** Who learns that the script is over. */
    public interface Listener {
        /** The last event of the script is over and the machine is as it was. */
        void over(ScriptReport report);
    }

    private final EventLoop loop;
    private final LiveHost host;
    private final ScriptRun run;
    private final Listener listener;
    private final Turn turn = new Turn();
    private boolean over;

    /** The next instant at which the script goes on. */
    private final class Turn extends Event {
        @Override
        protected void fire() {
            proceed();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("packetdrill");
        }
    }

    /**
     * Begins a script.
     *
     * @param processor where its process runs
     * @param wire where its other end is; a station is plugged in
     * @throws ScriptSyntaxException when the script makes calls or uses symbols that nobody knows; nothing has happened then
     */
    public LiveRun(Script script, Processor processor, SocketLayer layer, IpLayer ip, Wire wire, Listener listener)
            throws ScriptSyntaxException {
        loop = processor.loop();
        host = new LiveHost(processor, layer, ip, wire);
        run = new ScriptRun(script, host);
        this.listener = listener;
        host.tell(this);
        wire.plugIn(host);
        loop.schedule(turn, loop.nowPs());
    }

    /** Goes on behind the present event. */
    void soon() {
        if (over || (turn.isPending() && loop.instantOf(turn) <= loop.nowPs())) {
            return;
        }
        loop.cancel(turn);
        loop.schedule(turn, loop.nowPs());
    }

    private void proceed() {
        long wakeNs = run.proceed();
        if (wakeNs == ScriptRun.OVER) {
            over = true;
            host.leave();
            listener.over(run.report());
        } else {
            long wakePs = Math.min(wakeNs * Picoseconds.PER_NANOSECOND, EventLoop.HORIZON_PS);
            loop.schedule(turn, Math.max(wakePs, loop.nowPs()));
        }
    }
}
