package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.kernel.net.socket.MessageFlags;
import org.ioatlab.kernel.net.socket.PollEvents;
import org.jspecify.annotations.Nullable;

/** Flags of messages and events of polls by their names. */
final class SocketFlags {
    private static final Map<String, Integer> MESSAGES = messages();
    private static final Map<String, Integer> EVENTS = events();

    private SocketFlags() {}

    private static Map<String, Integer> messages() {
        Map<String, Integer> known = new TreeMap<>();
        known.put("MSG_OOB", MessageFlags.MSG_OOB);
        known.put("MSG_PEEK", MessageFlags.MSG_PEEK);
        known.put("MSG_TRUNC", MessageFlags.MSG_TRUNC);
        known.put("MSG_DONTWAIT", MessageFlags.MSG_DONTWAIT);
        known.put("MSG_WAITALL", MessageFlags.MSG_WAITALL);
        known.put("MSG_NOSIGNAL", MessageFlags.MSG_NOSIGNAL);
        known.put("MSG_MORE", MessageFlags.MSG_MORE);
        return Collections.unmodifiableMap(known);
    }

    private static Map<String, Integer> events() {
        Map<String, Integer> known = new TreeMap<>();
        known.put("POLLIN", PollEvents.POLLIN);
        known.put("POLLPRI", PollEvents.POLLPRI);
        known.put("POLLOUT", PollEvents.POLLOUT);
        known.put("POLLERR", PollEvents.POLLERR);
        known.put("POLLHUP", PollEvents.POLLHUP);
        known.put("POLLNVAL", PollEvents.POLLNVAL);
        known.put("POLLRDNORM", PollEvents.POLLRDNORM);
        known.put("POLLRDBAND", PollEvents.POLLRDBAND);
        known.put("POLLWRNORM", PollEvents.POLLWRNORM);
        known.put("POLLWRBAND", PollEvents.POLLWRBAND);
        known.put("POLLRDHUP", PollEvents.POLLRDHUP);
        return Collections.unmodifiableMap(known);
    }

    /** The bits of {@code MSG_*} names. */
    static int of(List<String> names) {
        return bits("flags", names, MESSAGES);
    }

    /** The bits of {@code POLL*} names. */
    static int events(List<String> names) {
        return bits("events", names, EVENTS);
    }

    /** The names of flags. */
    static List<String> names(int bits) {
        return names(bits, MESSAGES);
    }

    /** The names of events. */
    static List<String> eventNames(int bits) {
        return names(bits, EVENTS);
    }

    private static List<String> names(int bits, Map<String, Integer> known) {
        List<String> names = new ArrayList<>();
        known.forEach((name, bit) -> {
            if ((bits & bit) != 0) {
                names.add(name);
            }
        });
        return names;
    }

    private static int bits(String field, List<String> names, Map<String, Integer> known) {
        int bits = 0;
        for (String name : names) {
            @Nullable Integer bit = known.get(name);
            if (bit == null) {
                throw new Refusal(Refusal.Kind.MALFORMED, "invalid-value", field + ": there is no " + name + ".")
                        .with("field", field)
                        .with("allowed", List.copyOf(known.keySet()));
            }
            bits |= bit;
        }
        return bits;
    }
}
