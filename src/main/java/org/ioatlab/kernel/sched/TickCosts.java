package org.ioatlab.kernel.sched;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.Picoseconds;

/**
 * What a timer tick makes a processor do, in cycles by function, in the order in which Linux 2.6.12 does it.
 *
 * @param jiffyPs time between ticks
 * @param timerInterrupt taking and acknowledging the local timer's interrupt
 * @param updateProcessTimes accounting
 * @param schedulerTick the running task's time slice
 * @param rebalanceTick looking which domains are to be balanced; on machines of several processors
 * @param loadBalance balancing one domain, besides finding its busiest group
 * @param findBusiestGroup finding it, for each processor of the domain
 * @param runTimerSoftirq the timer softirq without a timer
 * @param defaultIdle going to halt
 */
record TickCosts(
        long jiffyPs,
        long timerInterrupt,
        long updateProcessTimes,
        long schedulerTick,
        long rebalanceTick,
        long loadBalance,
        long findBusiestGroup,
        long runTimerSoftirq,
        long defaultIdle) {

    static TickCosts of(Platform platform) {
        return new TickCosts(
                Picoseconds.PER_SECOND / platform.get(Parameter.TIMER_FREQUENCY_HZ),
                platform.get(Parameter.TIMER_INTERRUPT_CYCLES),
                platform.get(Parameter.UPDATE_PROCESS_TIMES_CYCLES),
                platform.get(Parameter.SCHEDULER_TICK_CYCLES),
                platform.get(Parameter.REBALANCE_TICK_CYCLES),
                platform.get(Parameter.LOAD_BALANCE_CYCLES),
                platform.get(Parameter.FIND_BUSIEST_GROUP_CYCLES),
                platform.get(Parameter.RUN_TIMER_SOFTIRQ_CYCLES),
                platform.get(Parameter.DEFAULT_IDLE_CYCLES));
    }

    /** What every tick costs, without balancing. */
    long eachTick() {
        return timerInterrupt + updateProcessTimes + schedulerTick + runTimerSoftirq;
    }

    /** What balancing a domain of that many processors costs. */
    long balancing(int processors) {
        return loadBalance + findBusiestGroup * processors;
    }

    /** What the longest tick costs on a machine of that many processors. */
    private long longestTick(int processors) {
        return eachTick() + rebalanceTick + defaultIdle + balancing(2) + balancing(processors);
    }

    /**
     * Ticks must leave at least half of the time for work.
     *
     * @throws IllegalArgumentException if they don't
     */
    void requireRoom(int processors, Frequency frequency) {
        long jiffyCycles = frequency.cyclesAtOrAfter(jiffyPs);
        if (longestTick(processors) > jiffyCycles / 2) {
            throw new IllegalArgumentException("a timer tick of " + longestTick(processors)
                    + " cycles is more than half of the " + jiffyCycles + " from tick to tick");
        }
    }
}
