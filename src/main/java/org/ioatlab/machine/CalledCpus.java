package org.ioatlab.machine;

import java.util.BitSet;
import java.util.List;
import org.ioatlab.kernel.sched.Processors;

/** The processors that a call to others is for. */
final class CalledCpus {
    private CalledCpus() {}

    /**
     * Their numbers.
     *
     * @throws Refusal if the call can't reach just them
     */
    static BitSet of(CpuCommand.CallOthers command, Processors processors) {
        return switch (command.type()) {
            case ASYNC_MASK -> masked(command, processors);
            case CALL_FUNCTION -> others(command, processors);
        };
    }

    private static BitSet masked(CpuCommand.CallOthers command, Processors processors) {
        BitSet named = named(command, processors);
        if (named.isEmpty()) {
            throw badMask("smp_call_async_mask() needs the numbers of the processors to call.");
        }
        if (named.length() > Long.SIZE) {
            throw badMask("A mask names processors below " + Long.SIZE + " only.");
        }
        return named;
    }

    private static BitSet others(CpuCommand.CallOthers command, Processors processors) {
        BitSet others = new BitSet();
        others.set(0, processors.count());
        others.clear(command.cpu());
        if (command.cpuMask() != null && !named(command, processors).equals(others)) {
            throw badMask("smp_call_function() calls all processors but its own, and no fewer.");
        }
        return others;
    }

    private static BitSet named(CpuCommand.CallOthers command, Processors processors) {
        BitSet named = new BitSet();
        List<Integer> numbers = command.cpuMask();
        if (numbers != null) {
            for (int number : numbers) {
                named.set(Machine.processor(processors, number).cpu().id());
            }
        }
        return named;
    }

    private static Refusal badMask(String detail) {
        return Refusal.meaningless("bad-cpu-mask", detail).with("field", "cpuMask");
    }
}
