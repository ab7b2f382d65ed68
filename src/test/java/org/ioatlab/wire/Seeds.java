package org.ioatlab.wire;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Runs a property over fixed seeds; {@code -Dioatlab.seed=N} runs one alone, {@code -Dioatlab.seeds=N} as many. */
public final class Seeds {
    private Seeds() {}

    /** A property of whatever the random source makes it look at. */
    @FunctionalInterface
    public interface Property {
        void check(SplittableRandom random);
    }

    public static void forAll(Class<?> test, Property property) {
        seeds().forEach(seed -> run(test, seed, property));
    }

    private static LongStream seeds() {
        Long only = Long.getLong("ioatlab.seed");
        return only != null ? LongStream.of(only) : LongStream.rangeClosed(1, Long.getLong("ioatlab.seeds", 20));
    }

    private static void run(Class<?> test, long seed, Property property) {
        try {
            property.check(new SplittableRandom(seed));
        } catch (Throwable failure) {
            String command = "./mvnw test -Dtest=" + test.getSimpleName() + " -Dioatlab.seed=" + seed;
            throw new AssertionError("seed " + seed + " failed, repeat it by: " + command, failure);
        }
    }
}
