package org.ioatlab.machine;

import java.util.Arrays;
import java.util.List;

/** Reads figures from the texts of {@code /proc}. */
final class ProcFigures {
    private ProcFigures() {}

    /** How many interrupts of that name all processors together have taken. */
    static long interrupts(String text, String name) {
        return rows(text, name).stream()
                .flatMap(List::stream)
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The columns of the rows that end or begin with a name, one for each processor. */
    static List<List<Long>> rows(String text, String name) {
        int cpus = text.lines().findFirst().orElseThrow().trim().split("\\s+").length;
        return text.lines()
                .filter(line -> line.endsWith(" " + name) || line.trim().startsWith(name + ":"))
                .map(line -> Arrays.stream(line.trim().split("\\s+"))
                        .skip(1)
                        .limit(cpus)
                        .map(Long::valueOf)
                        .toList())
                .toList();
    }
}
