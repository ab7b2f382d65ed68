package org.ioatlab.lab;

/** The time of the world outside, as a port. It never reaches a machine but as the instants at which commands are applied. */
public interface WallClock {
    /** The host's own clocks. */
    WallClock SYSTEM = new WallClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }
    };

    /** Nanoseconds from an arbitrary origin; never runs backwards. */
    long nanoTime();

    /** Milliseconds since 1970, for people to read. */
    long epochMillis();
}
