package org.ioatlab.workload.packetdrill;

import org.ioatlab.workload.packetdrill.call.OutcomeCheck;
import org.ioatlab.workload.packetdrill.script.Action;

/** What an event is, in a few words. */
final class EventText {
    private static final int MAX_LENGTH = 200;

    private EventText() {}

    static String of(Action action) {
        return switch (action) {
            case Action.Packet packet -> packet.packet().toString();
            case Action.SystemCall call -> call.name() + "() = " + OutcomeCheck.expected(call);
            case Action.ShellCommand command -> shortened(command.text());
            case Action.CodeBlock code -> shortened(code.text());
        };
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "..." : line;
    }
}
