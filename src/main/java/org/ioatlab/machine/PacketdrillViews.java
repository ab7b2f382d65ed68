package org.ioatlab.machine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tests of a machine come to. */
public interface PacketdrillViews {
    /**
     * What became of a script.
     *
     * @param passed whether no line failed
     * @param startNs the machine's time at the script's begin
     * @param lines one for each event, in the order of the script
     * @param nowNs the machine's time when it was over
     */
    record Report(boolean passed, long startNs, List<Line> lines, long nowNs) {
        public Report {
            lines = List.copyOf(lines);
        }
    }

    /**
     * What became of an event.
     *
     * @param line where it stands, from 1
     * @param status PASSED, FAILED, WARNED or SKIPPED
     * @param expected what the script says
     * @param actual what happened; null if it wasn't reached
     * @param atNs when it happened, since the script's begin; null if it didn't
     */
    record Line(
            int line,
            String status,
            String expected,
            @Nullable String actual,
            @Nullable Long atNs) {}
}
