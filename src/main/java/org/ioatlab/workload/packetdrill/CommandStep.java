package org.ioatlab.workload.packetdrill;

import org.ioatlab.workload.packetdrill.script.Action;

/** A shell command is looked at. */
final class CommandStep implements Step {
    private final RunState state;
    private final int event;
    private final Action.ShellCommand command;

    CommandStep(RunState state, int event, Action.ShellCommand command) {
        this.state = state;
        this.event = event;
        this.command = command;
    }

    @Override
    public long proceed() {
        ShellCommands.Effect effect = ShellCommands.apply(command.text(), state.host);
        if (effect.understood()) {
            state.passed(event, EventText.of(command), effect.text(), state.nowNs());
        } else {
            state.skipped(event, EventText.of(command), effect.text(), state.nowNs());
        }
        return OVER;
    }
}
