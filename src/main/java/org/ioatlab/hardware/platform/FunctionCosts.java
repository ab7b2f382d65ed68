package org.ioatlab.hardware.platform;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;

/** Collects functions that run one after the other, each with its parameter, for {@link CostList}s. */
public final class FunctionCosts {
    private final Platform platform;
    private final List<Symbol> symbols = new ArrayList<>();
    private final List<Long> cycles = new ArrayList<>();

    FunctionCosts(Platform platform) {
        this.platform = platform;
    }

    /** A function that runs once. */
    public FunctionCosts add(Symbol function, Parameter cost) {
        return add(function, cost, 1);
    }

    /** A function that runs {@code times} times. */
    public FunctionCosts add(Symbol function, Parameter cost, int times) {
        long spent = platform.get(cost) * times;
        if (spent > 0) {
            symbols.add(function);
            cycles.add(spent);
        }
        return this;
    }

    /** All of them. */
    public CostList list() {
        return new CostList(
                symbols.toArray(Symbol[]::new),
                cycles.stream().mapToLong(Long::longValue).toArray(),
                platform.get(Parameter.SIBLING_SPEED_PERCENT));
    }
}
