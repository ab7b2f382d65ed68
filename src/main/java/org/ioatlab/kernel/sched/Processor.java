package org.ioatlab.kernel.sched;

import java.util.Arrays;
import java.util.Objects;
import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.hardware.memory.MemoryPort;
import org.ioatlab.hardware.memory.MemorySystem;
import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Profile;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * What one logical processor has to do: timer ticks and hard interrupts before softirqs before tasks, one short item after the other.
 * Interrupts are taken between items. While nothing is to be done it costs no events.
 */
public final class Processor implements Work {
    /** On whose account cycles are spent, as {@code /proc/stat} divides them. */
    public enum Account {
        USER,
        NICE,
        SYSTEM,
        IRQ,
        SOFTIRQ
    }

    private final EventLoop loop;
    private final Cpu cpu;
    private final @Nullable MemoryPort memory;
    private final Balancer balancer;
    private final LocalTimer timer;
    private final Softirqs softirqs;
    private final TaskSlot tasks;
    private final Dispatch dispatch = new Dispatch();
    private final Balancing balancing = new Balancing();
    private final InterruptCosts interruptCosts;
    private final long rescheduleLatencyPs;
    private final long[] accounts = new long[Account.values().length];

    private @Nullable InterruptLine firstPending;
    private @Nullable InterruptLine lastPending;
    private @Nullable Ksoftirqd ksoftirqd;
    private Account account = Account.SYSTEM;
    private boolean inItem;
    private boolean idle = true;
    private boolean leftByTask;
    private boolean balancingDue;

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

    /** An instant at which this processor, if still idle, looks for tasks that wait elsewhere. */
    private final class Balancing extends Event {
        @Override
        protected void fire() {
            if (isIdle()) {
                balancingDue = true;
                scheduleDispatch();
            } else {
                balancer.awaitBalancing();
            }
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("balance");
            hash.put(cpu.id());
        }
    }

    Processor(
            EventLoop loop,
            Cpu cpu,
            Softirq.@Nullable Action[] softirqActions,
            LocalTimer timer,
            Balancer balancer,
            LoadAverage load,
            Platform platform,
            @Nullable MemorySystem memory) {
        this.loop = loop;
        this.memory = memory == null ? null : memory.port(cpu.id());
        this.cpu = cpu;
        this.timer = timer;
        this.balancer = balancer;
        interruptCosts = new InterruptCosts(platform);
        softirqs = new Softirqs(softirqActions, interruptCosts.softirq);
        tasks = new TaskSlot(this, balancer, load, timer, platform);
        rescheduleLatencyPs = platform.get(Parameter.CROSS_CALL_LATENCY_NS) * Picoseconds.PER_NANOSECOND;
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

    @Override
    public void read(Symbol symbol, MemoryUse use, long address, int bytes) {
        if (memory != null) {
            waited(symbol, memory.read(use, address, bytes, cpu.cursorCycles()));
        }
    }

    @Override
    public void write(Symbol symbol, MemoryUse use, long address, int bytes) {
        if (memory != null) {
            waited(symbol, memory.write(use, address, bytes, cpu.cursorCycles()));
        }
    }

    @Override
    public void scan(Symbol symbol, MemoryUse use, long address, int bytes) {
        if (memory != null) {
            waited(symbol, memory.scan(use, address, bytes, cpu.cursorCycles()));
        }
    }

    @Override
    public void copy(Symbol symbol, MemoryUse to, long target, MemoryUse from, long source, int bytes) {
        if (memory != null) {
            waited(symbol, memory.copy(to, target, from, source, bytes, cpu.cursorCycles()));
        }
    }

    /** Charges what an access took; one that found everything in the first level took nothing. */
    private void waited(Symbol symbol, long cycles) {
        if (cycles > 0) {
            cpu.spend(symbol, cycles);
            cpu.missed(symbol, Objects.requireNonNull(memory).lastMisses());
        }
    }

    /** Charges functions that run together to the item that runs. */
    @Override
    public void spend(CostList costs) {
        cpu.spend(costs);
    }

    /** Where the cursor stands. */
    @Override
    public long nowPs() {
        return cpu.cursorPs();
    }

    /** Marks deferred work of that kind to be done here, after the hard interrupts. */
    public void raise(Softirq softirq) {
        softirqs.raise(softirq);
        scheduleDispatch();
    }

    /** How often that kind of deferred work was taken up here, as {@code /proc/softirqs} counts; every tick takes up the timers'. */
    public long softirqCount(Softirq softirq) {
        return softirq == Softirq.TIMER ? ticks() : softirqs.count(softirq);
    }

    /** How many timer ticks were taken here: the LOC row of {@code /proc/interrupts}. */
    public long ticks() {
        settle();
        return cpu.isSpinning() ? Math.max(timer.taken(), timer.tickAt(loop.nowPs())) : timer.taken();
    }

    /** Cycles spent here up to now. */
    public long busyCycles() {
        settle();
        return cpu.busyCyclesAt(loop.nowPs());
    }

    /** Cycles of work on that account; idle ticks are on none. */
    public long cycles(Account on) {
        return accounts[on.ordinal()];
    }

    /** The task that runs, spins, or was interrupted here. */
    public @Nullable Task current() {
        return tasks.current();
    }

    /** Tasks that other processors gave to this one. */
    public long migrations() {
        return tasks.migrations();
    }

    /** Goings from one thread to another. */
    public long switches() {
        return tasks.switches();
    }

    /** Whether what runs was not called by a task: neither may it sleep nor wait for other processors. */
    public boolean isInInterrupt() {
        return inItem && (account == Account.IRQ || account == Account.SOFTIRQ);
    }

    /** Charges an idle processor's ticks up to now; whoever looks calls this first. */
    public void settle() {
        if (idle && loop.nowPs() >= cpu.cursorPs()) {
            timer.settleIdle(loop.nowPs(), false);
        }
    }

    /** Feeds all that is to be done. */
    public void hashInto(StateHash hash) {
        settle();
        cpu.hashInto(hash);
        timer.hashInto(hash);
        for (InterruptLine line = firstPending; line != null; line = line.nextPending) {
            line.hashInto(hash);
        }
        softirqs.hashInto(hash);
        tasks.hashInto(hash);
        hash.put(leftByTask);
        hash.put(balancingDue);
        for (long cycles : accounts) {
            hash.put(cycles);
        }
    }

    void restart() {
        cpu.restart();
        timer.restart();
        Arrays.fill(accounts, 0);
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

    /** The run queue and the running task. */
    TaskSlot tasks() {
        return tasks;
    }

    /** How long another processor's call to look at the run queue takes. */
    long rescheduleLatencyPs() {
        return rescheduleLatencyPs;
    }

    /** What is spent from now on is {@code task}'s in profiles. */
    void enter(Task task) {
        if (task.profileContext < 0) {
            task.profileContext = cpu.context(task.command());
        }
        cpu.enterContext(task.profileContext);
    }

    void setAccount(Account next) {
        account = next;
    }

    /** Whether it has nothing to do, or has just found that out. */
    boolean isIdle() {
        return !inItem && tasks.current() == null && !hasWork();
    }

    boolean awaitsBalancing() {
        return balancingDue || balancing.isPending();
    }

    void balanceAt(long instantPs) {
        loop.schedule(balancing, instantPs);
    }

    /** Whether it does nothing at the present instant. */
    boolean isFree() {
        return isIdle() && cpu.cursorPs() <= loop.nowPs();
    }

    /** When this processor, having nothing to do, looks at {@code busy}: when its last task is off, or at a tick. */
    long nextBalancingPs(Processor busy) {
        if (leftByTask && cpu.cursorPs() > loop.nowPs()) {
            return cpu.cursorPs();
        }
        long soonest = Long.MAX_VALUE;
        for (SchedDomain domain : timer.domains()) {
            if (!domain.siblings() || cpu.isSiblingOf(busy.cpu)) {
                soonest = Math.min(soonest, domain.nextIdleBalancing(timer.tickAt(loop.nowPs())));
            }
        }
        return timer.instantOf(soonest);
    }

    /** What is raised within an item waits for its end, which is known only then. */
    void scheduleDispatch() {
        if (inItem || dispatch.isPending()) {
            return;
        }
        long nowPs = loop.nowPs();
        if (idle) {
            leaveIdle(nowPs);
        }
        loop.schedule(dispatch, Math.max(nowPs, cpu.cursorPs()));
    }

    private void leaveIdle(long nowPs) {
        idle = false;
        if (nowPs >= cpu.cursorPs()) {
            timer.settleIdle(nowPs, true);
        }
        timer.leaveIdle();
    }

    private void runItem() {
        Task spinner = tasks.current();
        if (spinner != null && cpu.isSpinning()) {
            settleSpin(spinner);
        }
        cpu.begin(loop.nowPs());
        inItem = true;
        long before = cpu.cursorCycles();
        boolean left = runNext();
        accounts[account.ordinal()] += cpu.cursorCycles() - before;
        inItem = false;
        if (hasWork()) {
            scheduleDispatch();
        } else if (tasks.isSpinning()) {
            cpu.startSpin();
        } else {
            idle = true;
            leftByTask = left;
            timer.enterIdle(left);
            balancer.awaitBalancing();
        }
    }

    private void settleSpin(Task spinner) {
        enter(spinner);
        long before = cpu.cursorCycles();
        timer.settleSpin(loop.nowPs(), spinner.spinSymbol());
        accounts[spinner.account().ordinal()] += cpu.cursorCycles() - before;
    }

    private boolean hasWork() {
        return firstPending != null || softirqs.isRunnable() || tasks.hasWork() || balancingDue;
    }

    /** Runs the most urgent item; whether a task left by going to sleep or ending. */
    private boolean runNext() {
        InterruptLine line = firstPending;
        if (timer.nextPs() <= loop.nowPs()) {
            takeTicks();
        } else if (line != null) {
            takeInterrupt(line);
        } else if (balancingDue) {
            balance();
        } else if (softirqs.isRunnable()) {
            runSoftirq();
        } else {
            return tasks.run();
        }
        return false;
    }

    /** The ticks that came while the item before ran. */
    private void takeTicks() {
        account = Account.IRQ;
        cpu.enterContext(Profile.HARDIRQ);
        while (timer.nextPs() <= loop.nowPs()) {
            timer.takeBusy();
            tasks.tick();
            if (timer.hasBalanced()) {
                balancer.pull(this, tasks.runnable() + 2);
            }
        }
        softirqs.afterInterrupt();
    }

    private void takeInterrupt(InterruptLine line) {
        account = Account.IRQ;
        cpu.enterContext(Profile.HARDIRQ);
        firstPending = line.nextPending;
        if (firstPending == null) {
            lastPending = null;
        }
        softirqs.afterInterrupt();
        cpu.spend(interruptCosts.enter);
        line.handle(this);
        cpu.spend(interruptCosts.leave);
    }

    private void balance() {
        account = Account.SYSTEM;
        cpu.enterContext(Profile.IDLE);
        balancingDue = false;
        if (!balancer.pull(this, 2)) {
            balancer.awaitBalancing();
        }
    }

    private void runSoftirq() {
        account = Account.SOFTIRQ;
        cpu.enterContext(Profile.SOFTIRQ);
        if (softirqs.handOver()) {
            daemon().wake(this);
        } else {
            softirqs.runItem(this);
        }
    }

    private Ksoftirqd daemon() {
        if (ksoftirqd == null) {
            ksoftirqd = new Ksoftirqd(this, softirqs);
        }
        return ksoftirqd;
    }
}
