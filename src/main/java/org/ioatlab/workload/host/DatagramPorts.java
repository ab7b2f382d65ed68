package org.ioatlab.workload.host;

import java.util.TreeMap;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** The open UDP ports of a remote host. */
public final class DatagramPorts {
    private static final int FIRST_EPHEMERAL = 32_768;
    private static final int LAST_EPHEMERAL = 60_999;

    private final TreeMap<Integer, DatagramUser> users = new TreeMap<>();

    /** Opens the lowest free port of those for clients; answers it, or 0 if all are taken. */
    public int open(DatagramUser user) {
        for (int port = FIRST_EPHEMERAL; port <= LAST_EPHEMERAL; port++) {
            if (users.putIfAbsent(port, user) == null) {
                return port;
            }
        }
        return 0;
    }

    /** Closes a port. */
    public void close(int port) {
        users.remove(port);
    }

    @Nullable
    DatagramUser user(int port) {
        return users.get(port);
    }

    void hashInto(StateHash hash) {
        hash.put(users.size());
        for (Integer port : users.keySet()) {
            hash.put(port);
        }
    }
}
