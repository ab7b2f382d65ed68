package org.ioatlab.rest.observe;

import java.util.List;
import java.util.Locale;
import org.ioatlab.machine.CpuViews;

/** Prints a profile as {@code opreport -l} does, and as folded stacks. */
final class OpReport {
    private OpReport() {}

    static String print(CpuViews.Profile profile) {
        StringBuilder text = new StringBuilder()
                .append("CPU: %s, speed %d MHz (estimated)%n".formatted(profile.cpuType(), profile.frequencyMhz()))
                .append("Counted %s events (%s) with a unit mask of %s count %d%n"
                        .formatted(
                                profile.event(),
                                profile.eventDescription(),
                                profile.unitMask(),
                                profile.periodCycles()))
                .append("samples  %        symbol name\n");
        for (CpuViews.Row row : profile.rows()) {
            if (row.samples() > 0) {
                text.append(String.format(Locale.ROOT, "%-8d %-8s %s%n", row.samples(), percent(row), row.symbol()));
            }
        }
        return text.toString();
    }

    /** A line a stack, as flame-graph tools read them: processor, context, function, samples. */
    static String fold(List<CpuViews.Stack> stacks) {
        StringBuilder text = new StringBuilder();
        for (CpuViews.Stack stack : stacks) {
            text.append("cpu%d;%s;%s %d%n".formatted(stack.cpu(), stack.context(), stack.symbol(), stack.samples()));
        }
        return text.toString();
    }

    /** Four decimals below ten, three from there on, as the tool prints them. */
    private static String percent(CpuViews.Row row) {
        return String.format(Locale.ROOT, row.percent() < 10 ? "%.4f" : "%.3f", row.percent());
    }
}
