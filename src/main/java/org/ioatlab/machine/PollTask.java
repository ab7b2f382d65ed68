package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.PollCall;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.sched.Processor;
import org.jspecify.annotations.Nullable;

/** {@code poll()}. */
final class PollTask extends SocketTask<SocketViews.Polled> {
    private static final List<String> USUAL_EVENTS = List.of("POLLIN");

    private final SocketCommand.Poll command;

    PollTask(SocketFace face, SocketCommand.Poll command, Processor processor) {
        super(face, "poll", processor, command.timeoutPs());
        this.command = command;
        for (SocketCommand.PollEntry entry : command.sockets()) {
            face.find(entry.socket());
            SocketFlags.events(entry.events());
        }
    }

    @Override
    SystemCall begin(@Nullable UserBuffer memory) {
        PollCall call = new PollCall(face.layer, false);
        for (SocketCommand.PollEntry entry : command.sockets()) {
            List<String> events = entry.events().isEmpty() ? USUAL_EVENTS : entry.events();
            call.add(face.find(entry.socket()), SocketFlags.events(events));
        }
        return call.begin();
    }

    @Override
    SocketViews.Polled result(SystemCall returned, @Nullable UserBuffer memory) {
        List<SocketViews.Ready> ready = new ArrayList<>();
        for (int i = 0; i < command.sockets().size(); i++) {
            int found = ((PollCall) returned).found(i);
            if (found != 0) {
                String socket = command.sockets().get(i).socket();
                ready.add(new SocketViews.Ready(socket, SocketFlags.eventNames(found)));
            }
        }
        return new SocketViews.Polled(ready, returned.timedOut(), returned.cycles(), 0);
    }

    @Override
    protected SocketViews.Polled finish(SocketViews.Polled r) {
        return new SocketViews.Polled(r.ready(), r.timedOut(), r.cycles(), face.nowNs());
    }
}
