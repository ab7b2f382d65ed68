package org.ioatlab.testing;

import java.lang.StackWalker.StackFrame;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs a property over fixed seeds: 1 to {@code -Dioatlab.seeds} (20 unless told), or only the one that {@code -Dioatlab.seed} names. The
 * failure of a seed says the command that repeats it alone.
 */
public final class Seeds {
    private static final int USUAL_COUNT = 20;

    /** What must hold for every seed. */
    @FunctionalInterface
    public interface Property {
        /** Tries one seed; throws if the property doesn't hold. */
        void holds(long seed) throws Exception;
    }

    private Seeds() {}

    /** Tries every seed; to be called from a test method, directly or not. */
    public static void forEach(Property property) {
        all().forEach(seed -> tryOne(property, seed));
    }

    /** The seeds to try, in order. */
    public static LongStream all() {
        Long only = Long.getLong("ioatlab.seed");
        return only != null
                ? LongStream.of(only)
                : LongStream.rangeClosed(1, Integer.getInteger("ioatlab.seeds", USUAL_COUNT));
    }

    private static void tryOne(Property property, long seed) {
        try {
            property.holds(seed);
        } catch (Throwable e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + System.lineSeparator()
                            + "Repeat it with: ./mvnw test -Dtest='" + callingTest() + "' -Dioatlab.seed=" + seed,
                    e);
        }
    }

    private static String callingTest() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.filter(Seeds::isTest)
                        .map(frame -> simpleName(frame.getDeclaringClass()) + "#" + frame.getMethodName())
                        .findFirst()
                        .orElse("*"));
    }

    private static boolean isTest(StackFrame frame) {
        try {
            return frame.getDeclaringClass()
                    .getDeclaredMethod(
                            frame.getMethodName(), frame.getMethodType().parameterArray())
                    .isAnnotationPresent(Test.class);
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    private static String simpleName(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1);
    }
}
