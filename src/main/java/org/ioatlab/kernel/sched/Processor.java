package org.ioatlab.kernel.sched;

import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * What one logical processor has to do: hard interrupts before softirqs before tasks, one short item after the other. Interrupts are taken
 * between items. While nothing is to be done it costs no events.
 */
public final class Processor implements Work {
    private final EventLoop loop;
    private final Cpu cpu;
    private final Softirq.@Nullable Action[] softirqActions;
    private final Dispatch dispatch = new Dispatch();
    private final long interruptEntryCycles;
    private final long softirqEntryCycles;
    private final long contextSwitchCycles;

    private @Nullable InterruptLine firstPending;
    private @Nullable InterruptLine lastPending;
    private boolean inItem;
    private int softirqPending;
    private int softirqUnderWay;
    private boolean inSoftirq;
    private final long[] softirqCounts = new long[Softirq.values().length];
    private @Nullable Task firstReady;
    private @Nullable Task lastReady;
    private @Nullable Task current;
    private String lastThread = "";

    private final class Dispatch extends Event {
        @Override
        protected void fire() {
            runItem();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("cpu");
            hash.put(cpu.id());
        }
    }

    Processor(EventLoop loop, Cpu cpu, Softirq.@Nullable Action[] softirqActions, Platform platform) {
        this.loop = loop;
        this.cpu = cpu;
        this.softirqActions = softirqActions;
        interruptEntryCycles = platform.get(Parameter.INTERRUPT_ENTRY_CYCLES);
        softirqEntryCycles = platform.get(Parameter.SOFTIRQ_ENTRY_CYCLES);
        contextSwitchCycles = platform.get(Parameter.CONTEXT_SWITCH_CYCLES);
    }

    /** The hardware thread. */
    public Cpu cpu() {
        return cpu;
    }

    /** The machine's events. */
    public EventLoop loop() {
        return loop;
    }

    /** Charges work to the item that runs. */
    @Override
    public void spend(Symbol symbol, long cycles) {
        cpu.spend(symbol, cycles);
    }

    /** Where the cursor stands. */
    @Override
    public long nowPs() {
        return cpu.cursorPs();
    }

    /** Marks deferred work of that kind to be done here, after the hard interrupts. */
    public void raise(Softirq softirq) {
        softirqPending |= 1 << softirq.ordinal();
        scheduleDispatch();
    }

    /** How often that kind of deferred work was taken up here, as {@code /proc/softirqs} counts. */
    public long softirqCount(Softirq softirq) {
        return softirqCounts[softirq.ordinal()];
    }

    /** The task that runs, spins, or was interrupted here. */
    public @Nullable Task current() {
        return current;
    }

    /** Feeds all that is to be done. */
    public void hashInto(StateHash hash) {
        cpu.hashInto(hash);
        for (InterruptLine line = firstPending; line != null; line = line.nextPending) {
            line.hashInto(hash);
        }
        hash.put(softirqPending);
        hash.put(softirqUnderWay);
        hash.put(inSoftirq);
        for (Task task = firstReady; task != null; task = task.nextReady) {
            task.hashInto(hash);
        }
        if (current != null) {
            current.hashInto(hash);
        }
        hash.put(lastThread);
    }

    void interrupt(InterruptLine line) {
        line.pending = true;
        line.nextPending = null;
        if (lastPending == null) {
            firstPending = line;
        } else {
            lastPending.nextPending = line;
        }
        lastPending = line;
        scheduleDispatch();
    }

    void makeReady(Task task) {
        if (task.state == Task.State.SPINNING) {
            task.state = Task.State.READY;
            scheduleDispatch();
        } else if (task.state == Task.State.SLEEPING) {
            enqueue(task);
            scheduleDispatch();
        } else if (task.state == Task.State.RUNNING) {
            task.wokenInSlice = true;
        }
    }

    private void enqueue(Task task) {
        task.state = Task.State.READY;
        task.nextReady = null;
        if (lastReady == null) {
            firstReady = task;
        } else {
            lastReady.nextReady = task;
        }
        lastReady = task;
    }

    /** What is raised within an item waits for its end, which is known only then. */
    private void scheduleDispatch() {
        if (!inItem && !dispatch.isPending()) {
            loop.schedule(dispatch, Math.max(loop.nowPs(), cpu.cursorPs()));
        }
    }

    private void runItem() {
        Task spinner = current;
        if (spinner != null && cpu.isSpinning()) {
            cpu.spinUntil(loop.nowPs(), spinner.spinSymbol());
        }
        cpu.begin(loop.nowPs());
        inItem = true;
        InterruptLine line = firstPending;
        if (line != null) {
            takeInterrupt(line);
        } else if (softirqPending != 0) {
            runSoftirq();
        } else {
            runTask();
        }
        inItem = false;
        if (hasWork()) {
            scheduleDispatch();
        } else if (current != null && current.state == Task.State.SPINNING) {
            cpu.startSpin();
        }
    }

    private boolean hasWork() {
        return firstPending != null
                || softirqPending != 0
                || firstReady != null
                || (current != null && current.state != Task.State.SPINNING);
    }

    private void takeInterrupt(InterruptLine line) {
        firstPending = line.nextPending;
        if (firstPending == null) {
            lastPending = null;
        }
        cpu.spend(Symbol.DO_IRQ, interruptEntryCycles);
        line.handle(this);
    }

    private void runSoftirq() {
        int number = Integer.numberOfTrailingZeros(softirqPending);
        int bit = 1 << number;
        if (!inSoftirq) {
            cpu.spend(Symbol.DO_SOFTIRQ, softirqEntryCycles);
        }
        if ((softirqUnderWay & bit) == 0) {
            softirqUnderWay |= bit;
            softirqCounts[number]++;
        }
        softirqPending &= ~bit;
        Softirq.Action action = softirqActions[number];
        if (action != null && action.runItem(this)) {
            softirqPending |= bit;
        } else {
            softirqUnderWay &= ~bit;
        }
        inSoftirq = softirqPending != 0;
    }

    private void runTask() {
        Task task = takeTask();
        if (task == null) {
            return;
        }
        current = task;
        if (!task.thread().equals(lastThread)) {
            cpu.spend(Symbol.SCHEDULE, contextSwitchCycles);
            lastThread = task.thread();
        }
        task.state = Task.State.RUNNING;
        task.wokenInSlice = false;
        Task.Next next = task.resume();
        boolean waits = next == Task.Next.SLEEP || next == Task.Next.SPIN;
        settle(task, waits && task.wokenInSlice ? Task.Next.CONTINUE : next);
    }

    /** The interrupted or spinning task goes on, unless it yields to one that is ready. */
    private @Nullable Task takeTask() {
        Task task = current;
        if (task != null && task.state != Task.State.SPINNING) {
            return task;
        }
        Task ready = firstReady;
        if (ready == null) {
            return null;
        }
        firstReady = ready.nextReady;
        if (firstReady == null) {
            lastReady = null;
        }
        if (task != null) {
            enqueue(task);
        }
        return ready;
    }

    private void settle(Task task, Task.Next next) {
        switch (next) {
            case CONTINUE -> task.state = Task.State.READY;
            case SPIN -> task.state = Task.State.SPINNING;
            case YIELD -> {
                current = null;
                enqueue(task);
            }
            case SLEEP -> {
                current = null;
                task.state = Task.State.SLEEPING;
            }
            case EXIT -> {
                current = null;
                task.finish(cpu.cursorPs());
            }
        }
    }
}
