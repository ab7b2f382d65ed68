package org.ioatlab.machine;

import java.util.BitSet;
import java.util.List;
import org.ioatlab.kernel.sched.CallAsyncData;
import org.ioatlab.kernel.sched.CrossCall;
import org.ioatlab.kernel.sched.FunctionCall;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;

/**
 * Has other processors run a function, and notes when they do. Once the call has returned it sleeps until all have done it, and is woken at
 * nobody's cost, so that looking disturbs no processor.
 */
final class CrossCallTask extends KernelCall<CpuViews.CrossCalled> implements CallAsyncData.Function {
    private final CpuCommand.CallOthers command;
    private final CrossCall crossCall;
    private final BitSet cpus;
    private final long[] startedPs;
    private final List<CrossCallTask> underWay;
    private final CallAsyncData asyncCall;
    private final FunctionCall functionCall;
    private int completed;
    private long completedPs;
    private boolean begun;
    private boolean sent;
    private boolean returned;
    private long calledPs;
    private long calledCycles;
    private long returnedPs;
    private long callerCycles;

    /** @param underWay it leaves this list when it ends */
    CrossCallTask(
            CpuCommand.CallOthers command,
            CrossCall crossCall,
            BitSet cpus,
            Processor processor,
            List<CrossCallTask> underWay) {
        super(function(command.type()), processor);
        this.command = command;
        this.crossCall = crossCall;
        this.cpus = cpus;
        this.underWay = underWay;
        startedPs = new long[cpus.length()];
        asyncCall = new CallAsyncData(this, "");
        functionCall = new FunctionCall(this, "");
    }

    /** The function, on a called processor. */
    @Override
    public void call(Object info, Processor on) {
        startedPs[on.cpu().id()] = on.nowPs();
        on.spend(interruptSymbol(), command.functionCycles());
        completed++;
        completedPs = Math.max(completedPs, on.nowPs());
        if (returned && completed == cpus.cardinality()) {
            wakeAt(completedPs);
        }
    }

    @Override
    protected Next resume() {
        begin();
        if (!returned && !isBack()) {
            return Next.SPIN;
        }
        comeBack();
        if (completed < cpus.cardinality()) {
            return Next.SLEEP;
        }
        if (processor().nowPs() < completedPs) {
            wakeAt(completedPs);
            return Next.SLEEP;
        }
        return answer(result());
    }

    @Override
    protected Symbol spinSymbol() {
        return Symbol.SMP_CALL_FUNCTION;
    }

    @Override
    protected void ended() {
        underWay.remove(this);
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(command.functionCycles());
        hash.put(sent);
        hash.put(calledPs);
        hash.put(calledCycles);
        hash.put(returned);
        hash.put(returnedPs);
        hash.put(callerCycles);
        hash.put(completed);
        hash.put(completedPs);
        for (int cpu = cpus.nextSetBit(0); cpu >= 0; cpu = cpus.nextSetBit(cpu + 1)) {
            hash.put(cpu);
            hash.put(startedPs[cpu]);
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            calledPs = processor().nowPs();
            calledCycles = processor().cpu().cursorCycles();
        }
    }

    /** Sends the call unless it is under way; whether the caller may go on. */
    private boolean isBack() {
        return switch (command.type()) {
            case ASYNC_MASK -> {
                crossCall.smpCallAsyncMask(asyncCall, cpus.toLongArray()[0], processor());
                yield true;
            }
            case CALL_FUNCTION -> {
                if (!sent) {
                    sent = crossCall.smpCallFunction(functionCall, true, processor()) == 0;
                }
                yield sent && functionCall.isOver();
            }
        };
    }

    private void comeBack() {
        if (!returned) {
            returned = true;
            returnedPs = processor().nowPs();
            callerCycles = processor().cpu().cursorCycles() - calledCycles;
        }
    }

    private CpuViews.CrossCalled result() {
        return new CpuViews.CrossCalled(
                command.type().name(),
                command.cpu(),
                cpus.stream().boxed().toList(),
                callerCycles,
                sinceCallNs(returnedPs),
                cpus.stream().mapToObj(cpu -> sinceCallNs(startedPs[cpu])).toList(),
                cpus.isEmpty() ? 0 : sinceCallNs(completedPs),
                Picoseconds.toNanoseconds(processor().nowPs()));
    }

    private long sinceCallNs(long ps) {
        return Picoseconds.toNanoseconds(ps - calledPs);
    }

    private Symbol interruptSymbol() {
        return switch (command.type()) {
            case ASYNC_MASK -> Symbol.SMP_CALL_ASYNC_INTERRUPT;
            case CALL_FUNCTION -> Symbol.SMP_CALL_FUNCTION_INTERRUPT;
        };
    }

    private static String function(CpuCommand.CrossCallType type) {
        return switch (type) {
            case ASYNC_MASK -> "smp_call_async_mask";
            case CALL_FUNCTION -> "smp_call_function";
        };
    }
}
