package org.ioatlab.workload.packetdrill;

import java.util.List;

/**
 * What became of a script, line by line.
 *
 * @param passed whether no event failed
 * @param startNs the machine's time at the script's begin
 * @param results one for each event, in the order of the script
 */
public record ScriptReport(boolean passed, long startNs, List<EventResult> results) {
    public ScriptReport {
        results = List.copyOf(results);
    }
}
