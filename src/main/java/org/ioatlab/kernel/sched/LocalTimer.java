package org.ioatlab.kernel.sched;

import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/**
 * The ticks of one processor, and what it does between work. A busy processor takes its ticks between items. Those of one that is idle or
 * spins are no events: they are charged when somebody looks or when work comes, to the instants at which they were, and it makes no
 * difference how often anybody looks.
 */
final class LocalTimer {
    private final Cpu cpu;
    private final TickCosts costs;
    private final SchedDomain[] domains;
    private long taken;
    private long nextPs;
    private long balancingLeft;
    private long searchLeft;
    private long haltLeft;

    LocalTimer(Cpu cpu, TickCosts costs, SchedDomain[] domains) {
        this.cpu = cpu;
        this.costs = costs;
        this.domains = domains;
        nextPs = costs.jiffyPs();
    }

    SchedDomain[] domains() {
        return domains;
    }

    /** The instant of the next tick that isn't taken yet. */
    long nextPs() {
        return nextPs;
    }

    /** Ticks taken. */
    long taken() {
        return taken;
    }

    /** The instant of tick {@code tick}. */
    long instantOf(long tick) {
        return tick * costs.jiffyPs();
    }

    /** The number of the last tick at or before {@code nowPs}. */
    long tickAt(long nowPs) {
        return nowPs / costs.jiffyPs();
    }

    /** As at the end of a boot. */
    void restart() {
        setTaken(0);
        leaveIdle();
    }

    /** Nothing is left to do; with {@code searched} it looked for a task on other processors first. */
    void enterIdle(boolean searched) {
        haltLeft = costs.defaultIdle();
        if (searched) {
            for (SchedDomain domain : domains) {
                balancingLeft += costs.loadBalance();
                searchLeft += costs.findBusiestGroup() * domain.processors();
            }
        }
    }

    /** Work has come; what it was doing on the way to halt is left. */
    void leaveIdle() {
        balancingLeft = 0;
        searchLeft = 0;
        haltLeft = 0;
    }

    /** Charges an idle processor's way to halt and its ticks that are over by {@code nowPs}; with {@code underWay} also one that isn't. */
    void settleIdle(long nowPs, boolean underWay) {
        if (balancingLeft + searchLeft + haltLeft > 0) {
            goTowardsHalt(nowPs);
        }
        while (nextPs <= nowPs && cyclesAt(taken + 1) < cpu.cursorCycles()) {
            if (!takeIdle(taken + 1, nowPs, underWay)) {
                return;
            }
        }
        long last = tickAt(nowPs);
        if (last > taken && !takeIdle(last, nowPs, underWay) && last - 1 > taken) {
            takeIdle(last - 1, nowPs, true);
        }
    }

    /** Charges a spinning processor's loop and ticks up to {@code nowPs}. */
    void settleSpin(long nowPs, Symbol symbol) {
        long last = Math.max(taken, tickAt(nowPs));
        long tickCycles = cyclesOf(taken, last, false);
        long target = cpu.frequency().cyclesAtOrAfter(nowPs);
        if (last > taken) {
            target = Math.max(target, Math.max(cpu.cursorCycles(), cyclesAt(last)) + cyclesOf(last - 1, last, false));
        }
        cpu.endSpin(symbol, target - cpu.cursorCycles() - tickCycles);
        if (last > taken) {
            long end = cpu.cursorCycles() + tickCycles;
            chargeThrough(last, false);
            cpu.moveTo(end);
        }
    }

    /** Charges the next tick to the item that runs. */
    void takeBusy() {
        long tick = taken + 1;
        cpu.spend(Symbol.TIMER_INTERRUPT, costs.timerInterrupt());
        cpu.spend(Symbol.UPDATE_PROCESS_TIMES, costs.updateProcessTimes());
        cpu.spend(Symbol.SCHEDULER_TICK, costs.schedulerTick());
        if (domains.length > 0) {
            cpu.spend(Symbol.REBALANCE_TICK, costs.rebalanceTick());
        }
        for (SchedDomain domain : domains) {
            long times = domain.balancings(taken, tick, false);
            cpu.spend(Symbol.LOAD_BALANCE, times * costs.loadBalance());
            cpu.spend(Symbol.FIND_BUSIEST_GROUP, times * costs.findBusiestGroup() * domain.processors());
        }
        cpu.spend(Symbol.RUN_TIMER_SOFTIRQ, costs.runTimerSoftirq());
        setTaken(tick);
    }

    /** Whether a busy processor balanced any domain at the last tick. */
    boolean hasBalanced() {
        for (SchedDomain domain : domains) {
            if (domain.balancings(taken - 1, taken, false) > 0) {
                return true;
            }
        }
        return false;
    }

    void hashInto(StateHash hash) {
        hash.put(taken);
        hash.put(balancingLeft);
        hash.put(searchLeft);
        hash.put(haltLeft);
    }

    private void setTaken(long ticks) {
        taken = ticks;
        nextPs = instantOf(ticks + 1);
    }

    private long cyclesAt(long tick) {
        return cpu.frequency().cyclesAtOrAfter(instantOf(tick));
    }

    /** Takes ticks up to {@code last}, which begins where the processor is free; false if it isn't over by {@code nowPs} but has to be. */
    private boolean takeIdle(long last, long nowPs, boolean underWay) {
        long end = Math.max(cyclesAt(last), cpu.cursorCycles()) + cyclesOf(last - 1, last, true);
        if (!underWay && cpu.frequency().picoseconds(end) > nowPs) {
            return false;
        }
        chargeThrough(last, true);
        cpu.moveTo(end);
        return true;
    }

    /** On its way to halt a processor can be interrupted anywhere; a tick ends it. */
    private void goTowardsHalt(long nowPs) {
        long limit = nextPs <= nowPs ? cyclesAt(taken + 1) : cyclesBy(nowPs);
        balancingLeft -= chargeUntil(limit, Symbol.LOAD_BALANCE, balancingLeft);
        searchLeft -= chargeUntil(limit, Symbol.FIND_BUSIEST_GROUP, searchLeft);
        haltLeft -= chargeUntil(limit, Symbol.DEFAULT_IDLE, haltLeft);
        if (nextPs <= nowPs) {
            leaveIdle();
        }
    }

    /** Cycles that are over: a processor that was looked at must not seem busy for the rest of one. */
    private long cyclesBy(long nowPs) {
        long cycles = cpu.frequency().cyclesAtOrAfter(nowPs);
        return cpu.frequency().picoseconds(cycles) > nowPs ? cycles - 1 : cycles;
    }

    private long chargeUntil(long limitCycles, Symbol symbol, long cycles) {
        long charged = Math.clamp(limitCycles - cpu.cursorCycles(), 0, cycles);
        cpu.chargeInBulk(symbol, charged);
        cpu.moveTo(cpu.cursorCycles() + charged);
        return charged;
    }

    private long cyclesOf(long from, long through, boolean idle) {
        long each =
                costs.eachTick() + (idle ? costs.defaultIdle() : 0) + (domains.length > 0 ? costs.rebalanceTick() : 0);
        long cycles = (through - from) * each;
        for (SchedDomain domain : domains) {
            cycles += domain.balancings(from, through, idle) * costs.balancing(domain.processors());
        }
        return cycles;
    }

    private void chargeThrough(long last, boolean idle) {
        long ticks = last - taken;
        cpu.chargeInBulk(Symbol.TIMER_INTERRUPT, ticks * costs.timerInterrupt());
        cpu.chargeInBulk(Symbol.UPDATE_PROCESS_TIMES, ticks * costs.updateProcessTimes());
        cpu.chargeInBulk(Symbol.SCHEDULER_TICK, ticks * costs.schedulerTick());
        cpu.chargeInBulk(Symbol.RUN_TIMER_SOFTIRQ, ticks * costs.runTimerSoftirq());
        cpu.chargeInBulk(Symbol.DEFAULT_IDLE, idle ? ticks * costs.defaultIdle() : 0);
        cpu.chargeInBulk(Symbol.REBALANCE_TICK, domains.length > 0 ? ticks * costs.rebalanceTick() : 0);
        for (SchedDomain domain : domains) {
            long times = domain.balancings(taken, last, idle);
            cpu.chargeInBulk(Symbol.LOAD_BALANCE, times * costs.loadBalance());
            cpu.chargeInBulk(Symbol.FIND_BUSIEST_GROUP, times * costs.findBusiestGroup() * domain.processors());
        }
        setTaken(last);
    }
}
