package org.ioatlab.lab;

import java.util.function.Function;

/** A look at the machine between two events. */
final class LookJob<R> extends Job<R> {
    private final Function<Bench, R> reader;

    LookJob(Function<Bench, R> reader) {
        this.reader = reader;
    }

    @Override
    boolean step(Bench bench, long maxEvents) {
        try {
            bench.settle();
            complete(reader.apply(bench));
        } catch (RuntimeException e) {
            fail(e);
        }
        return true;
    }

    @Override
    boolean isLook() {
        return true;
    }
}
