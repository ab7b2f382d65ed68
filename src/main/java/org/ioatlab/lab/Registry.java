package org.ioatlab.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.ioatlab.machine.Refusal;
import org.jspecify.annotations.Nullable;

/** The machines by name: those that are there, those that are being made, and the last of those that have expired. */
final class Registry {
    /** Names that need no escaping anywhere. */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final LabLimits limits;
    private final ConcurrentHashMap<String, MachineHandle> machines = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<String, MachineHandle> ordered = new ConcurrentSkipListMap<>();
    private final Set<String> reserved = new LinkedHashSet<>();
    private final Map<String, Boolean> expired = new LinkedHashMap<>();
    private long lastNumber;

    Registry(LabLimits limits) {
        this.limits = limits;
    }

    @Nullable
    MachineHandle get(String id) {
        return machines.get(id);
    }

    int size() {
        return machines.size();
    }

    /** All machines, in no order. */
    Iterable<MachineHandle> all() {
        return machines.values();
    }

    /** Keeps a place and a name for a machine to come. */
    synchronized String reserve(@Nullable String name) {
        if (machines.size() + reserved.size() >= limits.machines()) {
            throw Refusals.limit(
                    "too-many-machines",
                    "machines",
                    limits.machines(),
                    "There are already " + limits.machines() + " machines.");
        }
        String id = name == null ? generate() : free(name);
        reserved.add(id);
        return id;
    }

    /** Gives a reserved place back. */
    synchronized void cancel(String id) {
        reserved.remove(id);
    }

    /** Puts a machine into its reserved place. */
    synchronized void add(MachineHandle machine) {
        reserved.remove(machine.id());
        expired.remove(machine.id());
        machines.put(machine.id(), machine);
        ordered.put(machine.id(), machine);
    }

    synchronized boolean remove(MachineHandle machine) {
        ordered.remove(machine.id(), machine);
        return machines.remove(machine.id(), machine);
    }

    /** Takes an expired machine out and remembers its name for a while. */
    synchronized void expire(MachineHandle machine) {
        if (remove(machine)) {
            expired.put(machine.id(), true);
            if (expired.size() > limits.rememberedExpirations()) {
                expired.remove(expired.keySet().iterator().next());
            }
        }
    }

    synchronized boolean isExpired(String id) {
        return expired.containsKey(id);
    }

    /** Machines whose names follow {@code after}, in the order of their names. */
    List<MachineHandle> list(@Nullable String after, int most, Map<String, String> labels) {
        List<MachineHandle> found = new ArrayList<>();
        for (MachineHandle machine : (after == null ? ordered : ordered.tailMap(after, false)).values()) {
            if (found.size() >= most) {
                break;
            }
            if (machine.labels().entrySet().containsAll(labels.entrySet())) {
                found.add(machine);
            }
        }
        return found;
    }

    private String free(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Refusal(
                    Refusal.Kind.MALFORMED,
                    "bad-name",
                    "A name begins with a letter or digit and has up to 63 letters, digits, dots, dashes and underscores.");
        }
        if (isTaken(name)) {
            throw Refusals.nameTaken(name);
        }
        return name;
    }

    private String generate() {
        String id;
        do {
            id = "m" + ++lastNumber;
        } while (isTaken(id));
        return id;
    }

    private boolean isTaken(String id) {
        return machines.containsKey(id) || reserved.contains(id);
    }
}
