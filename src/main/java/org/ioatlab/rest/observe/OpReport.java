package org.ioatlab.rest.observe;

import java.util.Locale;
import org.ioatlab.machine.CpuViews;

/** Prints a profile as {@code opreport -l} does. */
final class OpReport {
    private OpReport() {}

    static String print(CpuViews.Profile profile) {
        StringBuilder text = new StringBuilder()
                .append("Counted ")
                .append(profile.event())
                .append(" events (time during which processor is not stopped) with a count of ")
                .append(profile.periodCycles())
                .append('\n')
                .append("samples  %        symbol name\n");
        for (CpuViews.Row row : profile.rows()) {
            if (row.samples() > 0) {
                text.append(String.format(Locale.ROOT, "%-8d %-8s %s%n", row.samples(), percent(row), row.symbol()));
            }
        }
        return text.toString();
    }

    /** Four decimals below ten, three from there on, as the tool prints them. */
    private static String percent(CpuViews.Row row) {
        return String.format(Locale.ROOT, row.percent() < 10 ? "%.4f" : "%.3f", row.percent());
    }
}
