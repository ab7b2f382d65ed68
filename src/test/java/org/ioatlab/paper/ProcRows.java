package org.ioatlab.paper;

import java.util.Arrays;
import java.util.List;
import org.ioatlab.machine.Machine;

/** Rows of {@code /proc/interrupts} and {@code /proc/softirqs}: a figure a processor. */
final class ProcRows {
    private ProcRows() {}

    /** The row that a name begins or ends. */
    static List<Long> row(Machine machine, String file, String name) {
        int cpus = machine.cpus().cpus().size();
        return machine.proc()
                .read(file)
                .lines()
                .filter(line -> line.endsWith(" " + name) || line.trim().startsWith(name + ":"))
                .map(line -> Arrays.stream(line.trim().split("\\s+"))
                        .skip(1)
                        .limit(cpus)
                        .map(Long::valueOf)
                        .toList())
                .findFirst()
                .orElseThrow();
    }

    /** Over all processors. */
    static long sum(Machine machine, String file, String name) {
        return row(machine, file, name).stream().mapToLong(Long::longValue).sum();
    }
}
