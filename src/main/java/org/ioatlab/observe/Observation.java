package org.ioatlab.observe;

import java.util.ArrayList;
import java.util.List;

/** What the model tells about itself while it runs. Whatever is switched off here changes nothing of what a machine does. */
public final class Observation {
    private final Profile profile;
    private final Timeline timeline;
    private final List<PacketCapture> captures = new ArrayList<>();

    /** @param cpus number of logical processors of the machine */
    public Observation(int cpus) {
        profile = new Profile(cpus, Profile.DEFAULT_PERIOD_CYCLES);
        timeline = new Timeline();
    }

    /**
     * {@code cpu} spent {@code cycles} in {@code symbol} in many short pieces, at instants that aren't told. They are in the profile and not in
     * the timeline.
     */
    public void spentInBulk(int cpu, Symbol symbol, long cycles) {
        profile.addInBulk(cpu, symbol, cycles);
    }

    /** The cycle profile. */
    public Profile profile() {
        return profile;
    }

    /** What goes over the wire of the port called {@code eth} and {@code port}. */
    public PacketCapture capture(int port) {
        while (captures.size() <= port) {
            captures.add(new PacketCapture("eth" + captures.size()));
        }
        return captures.get(port);
    }

    /** Spans of work over virtual time. */
    public Timeline timeline() {
        return timeline;
    }
}
