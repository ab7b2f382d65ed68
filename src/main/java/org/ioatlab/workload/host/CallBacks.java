package org.ioatlab.workload.host;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Users who want to be called when the present segment's work is done, in the order of asking. */
final class CallBacks {
    private static final int INITIAL = 8;

    private @Nullable RemoteUser[] waiting = new @Nullable RemoteUser[INITIAL];
    private int count;

    void add(RemoteUser user) {
        if (count == waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * count);
        }
        waiting[count++] = user;
    }

    /** Calls everybody, also those who ask meanwhile. */
    void run() {
        for (int i = 0; i < count; i++) {
            RemoteUser user = waiting[i];
            waiting[i] = null;
            if (user != null) {
                user.calledBack();
            }
        }
        count = 0;
    }
}
