package org.ioatlab.workload.packetdrill.call;

import org.ioatlab.workload.packetdrill.packet.Conversation;
import org.ioatlab.workload.packetdrill.packet.Conversation.Protocol;
import org.ioatlab.workload.packetdrill.packet.Conversation.Stage;
import org.ioatlab.workload.packetdrill.packet.Conversations;
import org.ioatlab.workload.packetdrill.script.Action;
import org.ioatlab.workload.packetdrill.script.Expression;
import org.jspecify.annotations.Nullable;

/** What calls mean for the sockets under test and for the script's descriptors. */
public final class CallEffects {
    private final Conversations conversations;
    private final Descriptors descriptors;

    /** For one run of a script. */
    public CallEffects(Conversations conversations, Descriptors descriptors) {
        this.conversations = conversations;
        this.descriptors = descriptors;
    }

    /** A call is about to be made: a connection that is opened actively sends before the call returns. */
    public void before(SocketCall call) {
        switch (call) {
            case SocketCall.Connect connect -> connecting(connect);
            case SocketCall.Send send -> {
                if (send.address() != null) {
                    aimed(send.fd(), send.port());
                }
            }
            default -> {}
        }
    }

    private void connecting(SocketCall.Connect connect) {
        Conversation conversation = conversations.withFd(connect.fd());
        if (conversation == null) {
            return;
        }
        if (connect.address() == null) {
            conversation.reach(Stage.NEW);
        } else if (conversation.stage() == Stage.NEW) {
            conversation.reach(Stage.CONNECTING);
            conversation.aimAt(connect.port());
        }
    }

    private void aimed(int fd, int port) {
        Conversation conversation = conversations.withFd(fd);
        if (conversation != null && conversation.stage() == Stage.NEW) {
            conversation.reach(Stage.CONNECTING);
            conversation.aimAt(port);
        }
    }

    /**
     * A call has returned as the script says.
     *
     * @return what is wrong with it all the same, or nothing
     * @throws CallFault when the script can't be understood
     */
    public @Nullable String after(Action.SystemCall script, SocketCall call, CallOutcome outcome) throws CallFault {
        if (outcome.result() < 0) {
            return null;
        }
        switch (call) {
            case SocketCall.Open open -> {
                int fd = (int) outcome.result();
                conversations.opened(protocol(open.kind()), fd);
                return descriptor(script, fd);
            }
            case SocketCall.Accept _ -> {
                int fd = (int) outcome.result();
                boolean known = conversations.accepted(fd);
                String taken = descriptor(script, fd);
                return known ? taken : "returned a connection whose handshake the script didn't make";
            }
            case SocketCall.EpollCreate _ -> {
                return descriptor(script, (int) outcome.result());
            }
            case SocketCall.Close _ ->
                descriptors.closed(Values.number(script.arguments().getFirst()));
            case SocketCall.Bind bind -> bound(bind);
            case SocketCall.Listen listen -> listening(listen);
            default -> {}
        }
        return null;
    }

    private static Protocol protocol(SocketCall.Kind kind) {
        return switch (kind) {
            case STREAM -> Protocol.TCP;
            case DATAGRAM -> Protocol.UDP;
            case PING -> Protocol.ICMP;
        };
    }

    private void bound(SocketCall.Bind bind) {
        Conversation conversation = conversations.withFd(bind.fd());
        if (conversation != null) {
            conversation.bindTo(bind.port());
        }
    }

    private void listening(SocketCall.Listen listen) {
        Conversation conversation = conversations.withFd(listen.fd());
        if (conversation != null) {
            conversation.reach(Stage.LISTENING);
        }
    }

    private @Nullable String descriptor(Action.SystemCall script, int fd) throws CallFault {
        long number = script.result() instanceof Expression.Ellipsis ? fd : Values.number(script.result());
        if (descriptors.isOpen(number)) {
            descriptors.openedNameless(fd);
            return "the script has an open descriptor " + number + " already";
        }
        descriptors.opened(number, fd);
        return null;
    }
}
