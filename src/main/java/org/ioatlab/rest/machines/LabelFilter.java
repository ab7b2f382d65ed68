package org.ioatlab.rest.machines;

import java.util.List;
import java.util.function.Predicate;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.rest.problem.Problems;

/** Machines that have given labels. */
final class LabelFilter {
    private LabelFilter() {}

    /** Those that match each of {@code key=value}, {@code key:value} or {@code key}. */
    static Predicate<MachineHandle> of(List<String> labels) {
        Predicate<MachineHandle> all = machine -> true;
        for (String label : labels) {
            all = all.and(of(label));
        }
        return all;
    }

    private static Predicate<MachineHandle> of(String label) {
        String[] parts = label.split("[=:]", 2);
        if (parts[0].isEmpty()) {
            throw Problems.badValue("label", "must have the form key=value or key");
        }
        return parts.length == 1
                ? machine -> machine.labels().containsKey(parts[0])
                : machine -> parts[1].equals(machine.labels().get(parts[0]));
    }
}
