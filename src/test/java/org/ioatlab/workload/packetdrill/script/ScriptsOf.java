package org.ioatlab.workload.packetdrill.script;

/** Scripts of one event. */
final class ScriptsOf {
    private ScriptsOf() {}

    static Event onlyEvent(String script) throws ScriptSyntaxException {
        Script parsed = Script.parse(script);
        if (parsed.events().size() != 1) {
            throw new AssertionError("not one event: " + parsed.events());
        }
        return parsed.events().getFirst();
    }

    static PacketSpec onlyPacket(String script) throws ScriptSyntaxException {
        return ((Action.Packet) onlyEvent(script).action()).packet();
    }

    static Action.SystemCall onlyCall(String script) throws ScriptSyntaxException {
        return (Action.SystemCall) onlyEvent(script).action();
    }
}
