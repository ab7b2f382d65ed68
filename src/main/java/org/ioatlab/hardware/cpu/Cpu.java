package org.ioatlab.hardware.cpu;

import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Observation;
import org.ioatlab.observe.ProcessorProfile;
import org.ioatlab.observe.Symbol;
import org.ioatlab.observe.Timeline;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.StateHash;

/**
 * A logical processor: where its work has got to, in cycles since the machine was switched on, and how many of them it was busy.
 *
 * <p>Work is charged while an item runs: the cursor moves ahead of the clock, and whatever leaves the processor is stamped with it.
 */
public final class Cpu {
    private static final long PERCENT = 100;

    private final int id;
    private final int socket;
    private final int core;
    private final int thread;
    private final Frequency frequency;
    private final long siblingSpeedPercent;
    private final Observation observation;
    private final ProcessorProfile profile;
    private final Timeline timeline;

    private Cpu[] siblings = {};
    private long cursorCycles;
    private long convertedCycles;
    private long convertedPs;
    private long busyCycles;
    private boolean spinning;
    private boolean slowed;

    Cpu(
            int id,
            int socket,
            int core,
            int thread,
            Frequency frequency,
            long siblingSpeedPercent,
            Observation observation) {
        this.id = id;
        this.socket = socket;
        this.core = core;
        this.thread = thread;
        this.frequency = frequency;
        this.siblingSpeedPercent = siblingSpeedPercent;
        this.observation = observation;
        profile = observation.profile().processor(id);
        timeline = observation.timeline();
    }

    /** Number among all logical processors, from 0. */
    public int id() {
        return id;
    }

    /** The package it sits in. */
    public int socket() {
        return socket;
    }

    /** The core within its package. */
    public int core() {
        return core;
    }

    /** The hardware thread within its core. */
    public int thread() {
        return thread;
    }

    /** Its clock rate. */
    public Frequency frequency() {
        return frequency;
    }

    /** Whether {@code other} is another thread of the same core. */
    public boolean isSiblingOf(Cpu other) {
        return other != this && other.socket == socket && other.core == core;
    }

    /** Begins an item of work at {@code nowPs}, or where the work before it ends if that is later. */
    public void begin(long nowPs) {
        if (nowPs > cursorPs()) {
            cursorCycles = Math.max(cursorCycles, frequency.cyclesAtOrAfter(nowPs));
        }
        slowed = hasBusySibling(nowPs);
    }

    /** Charges {@code cycles} of work to {@code symbol}; they last longer, rounded down to cycles, while a sibling thread is busy. */
    public void spend(Symbol symbol, long cycles) {
        long elapsed = slowed ? cycles * PERCENT / siblingSpeedPercent : cycles;
        occupy(symbol, elapsed);
    }

    /** Charges functions that run together, each rounded as by itself. */
    public void spend(CostList costs) {
        long elapsed = costs.total(slowed);
        if (elapsed <= 0) {
            return;
        }
        if (timeline.isEnabled()) {
            for (int i = 0; i < costs.size(); i++) {
                occupy(costs.symbol(i), costs.cycles(i, slowed));
            }
            return;
        }
        cursorCycles += elapsed;
        busyCycles += elapsed;
        profile.spent(costs, slowed);
    }

    /** Counts cache lines that {@code symbol} had to fetch. */
    public void missed(Symbol symbol, long lines) {
        if (lines > 0) {
            profile.missed(symbol, lines);
        }
    }

    /** What is spent from now on is spent in that context of the profile. */
    public void enterContext(int context) {
        profile.enter(context);
    }

    /** The number of a task's context in the profile. */
    public int context(String task) {
        return observation.profile().context(task);
    }

    /** Charges {@code picoseconds} of stalled time, rounded up to cycles, to {@code symbol}. */
    public void stall(Symbol symbol, long picoseconds) {
        occupy(symbol, frequency.cyclesAtOrAfter(picoseconds));
    }

    /** Marks a wait in a loop that reads until something changes; {@link #endSpin} charges it. */
    public void startSpin() {
        spinning = true;
    }

    /** Whether it waits in such a loop. */
    public boolean isSpinning() {
        return spinning;
    }

    /** Ends the wait and charges the loop's {@code cycles} to {@code symbol}. */
    public void endSpin(Symbol symbol, long cycles) {
        spinning = false;
        occupy(symbol, cycles);
    }

    /** Charges {@code cycles} that lie scattered in the past to {@code symbol} and leaves the cursor, for {@link #moveTo}. */
    public void chargeInBulk(Symbol symbol, long cycles) {
        if (cycles > 0) {
            busyCycles += cycles;
            observation.spentInBulk(id, symbol, cycles);
        }
    }

    /** Moves the cursor ahead. */
    public void moveTo(long cycles) {
        cursorCycles = cycles;
    }

    /** The instant that the work charged so far reaches. */
    public long cursorPs() {
        if (convertedCycles != cursorCycles) {
            convertedCycles = cursorCycles;
            convertedPs = frequency.picoseconds(cursorCycles);
        }
        return convertedPs;
    }

    /** The same, in cycles. */
    public long cursorCycles() {
        return cursorCycles;
    }

    /** Cycles spent up to {@code nowPs}: all that is charged, less what lies ahead, plus a spin that goes on. */
    public long busyCyclesAt(long nowPs) {
        long ahead = cursorCycles - frequency.cyclesAtOrAfter(nowPs);
        return spinning || ahead > 0 ? busyCycles - ahead : busyCycles;
    }

    /** Whether it does anything at {@code nowPs}. */
    public boolean isBusyAt(long nowPs) {
        return spinning || cursorPs() > nowPs;
    }

    /** Sets cursor and counters back to 0, as at the end of a boot. */
    public void restart() {
        cursorCycles = 0;
        busyCycles = 0;
    }

    /** Feeds cursor and counters. */
    public void hashInto(StateHash hash) {
        hash.put(cursorCycles);
        hash.put(busyCycles);
        hash.put(spinning);
    }

    void setSiblings(Cpu[] others) {
        siblings = others;
    }

    private boolean hasBusySibling(long nowPs) {
        for (Cpu sibling : siblings) {
            if (sibling.isBusyAt(nowPs)) {
                return true;
            }
        }
        return false;
    }

    private void occupy(Symbol symbol, long cycles) {
        if (cycles <= 0) {
            return;
        }
        profile.spent(symbol, cycles);
        long startPs = timeline.isEnabled() ? cursorPs() : 0;
        cursorCycles += cycles;
        busyCycles += cycles;
        if (timeline.isEnabled()) {
            timeline.span(id, symbol.kernelName(), startPs, cursorPs());
        }
    }
}
