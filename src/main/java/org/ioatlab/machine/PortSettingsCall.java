package org.ioatlab.machine;

import org.ioatlab.kernel.net.NicSettings;
import org.ioatlab.kernel.net.PortReset;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;

/** A change of a port's settings in process context; when memory doesn't suffice for the new ones, the old ones come back. */
final class PortSettingsCall extends KernelCall<Object> {
    private final NicFace face;
    private final NicPort port;
    private final NicSettings old;
    private final boolean answersRss;
    private PortReset reset;
    private boolean goingBack;

    /** @param answersRss whether the answer is how queues are chosen, not the port */
    PortSettingsCall(NicFace face, NicPort port, NicSettings next, boolean answersRss, Processor processor) {
        super("ethtool", processor);
        this.face = face;
        this.port = port;
        this.answersRss = answersRss;
        old = port.driver().settings();
        reset = new PortReset(port.driver(), next);
    }

    @Override
    protected Next resume() {
        Next next = reset.resume(this);
        if (next != Next.EXIT) {
            return next;
        }
        if (goingBack) {
            return refuse(face.outOfMemory());
        }
        if (reset.isSuccessful()) {
            return answer(view());
        }
        goingBack = true;
        reset = new PortReset(port.driver(), old);
        return Next.CONTINUE;
    }

    @Override
    protected Object finish(Object result) {
        return view();
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(goingBack);
        reset.hashInto(hash);
    }

    private Object view() {
        return answersRss ? face.rss(port.name()) : port.view();
    }
}
