package org.ioatlab.workload.packetdrill;

import java.util.OptionalLong;
import org.ioatlab.workload.packetdrill.call.Symbols;
import org.ioatlab.workload.packetdrill.code.CodeLookup;
import org.ioatlab.workload.packetdrill.code.CodeResult;
import org.ioatlab.workload.packetdrill.packet.Conversation;
import org.ioatlab.workload.packetdrill.script.Action;

/** A code block is carried out over the figures of the connection under test. */
final class CodeStep implements Step {
    private final RunState state;
    private final int event;
    private final Action.CodeBlock code;

    CodeStep(RunState state, int event, Action.CodeBlock code) {
        this.state = state;
        this.event = event;
        this.code = code;
    }

    @Override
    public long proceed() {
        CodeLookup figures = this::figure;
        CodeResult result = code.program().run(figures, state.variables);
        String printed = String.join("\n", result.printed());
        if (result.failure() == null) {
            state.passed(event, EventText.of(code), printed.isEmpty() ? "holds" : printed, state.nowNs());
        } else {
            String text = printed.isEmpty() ? result.failure() : printed + "\n" + result.failure();
            state.failed(event, "code", EventText.of(code), text, state.nowNs());
        }
        return OVER;
    }

    private OptionalLong figure(String name) {
        Conversation conversation = state.conversations.underTest();
        if (name.startsWith("tcpi_") && conversation != null && conversation.liveFd() >= 0) {
            return state.host.tcpInfo(conversation.liveFd(), name);
        }
        return Symbols.value(name);
    }
}
