package org.ioatlab.kernel.sched;

import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one processor: the one that runs, spins or was interrupted, and those that are ready. A more urgent task takes the
 * processor at the end of an item; tasks of one level run a slice of time each, in turn.
 */
final class TaskSlot {
    private static final String IDLE_THREAD = "swapper";

    private final Processor processor;
    private final Balancer balancer;
    private final LoadAverage load;
    private final LocalTimer timer;
    private final SwitchCosts costs;
    private final RunQueue queue = new RunQueue();

    private @Nullable Task current;
    private String lastThread = IDLE_THREAD;

    /** Whether the thread before has called {@code schedule} already, and another takes its place. */
    private boolean scheduled;

    private long migrations;
    private long switches;

    TaskSlot(Processor processor, Balancer balancer, LoadAverage load, LocalTimer timer, Platform platform) {
        this.processor = processor;
        this.balancer = balancer;
        this.load = load;
        this.timer = timer;
        costs = new SwitchCosts(platform);
    }

    @Nullable
    Task current() {
        return current;
    }

    long migrations() {
        return migrations;
    }

    /** What waking and switching cost here. */
    SwitchCosts costs() {
        return costs;
    }

    /** Goings from one thread to another, the idle one included. */
    long switches() {
        return switches;
    }

    /** The running task and those that are ready ({@code nr_running}). */
    int runnable() {
        return queue.size() + (current == null ? 0 : 1);
    }

    boolean isSpinning() {
        return current != null && current.state == Task.State.SPINNING;
    }

    /** Whether a task has anything to do but to spin. */
    boolean hasWork() {
        Task task = current;
        return queue.size() > 0 || (task != null && (task.state != Task.State.SPINNING || !task.mayRunOn(processor)));
    }

    /** A task that is ready here and may move to {@code to} now, or null. */
    @Nullable
    Task movable(Processor to, long nowPs) {
        return queue.findMovable(to, nowPs);
    }

    /** {@code try_to_wake_up}: a sleeping task becomes ready, a spinning one looks again. */
    void wakeUp(Task task) {
        switch (task.state) {
            case SPINNING -> {
                task.state = Task.State.READY;
                processor.scheduleDispatch();
            }
            case SLEEPING -> balancer.placeFor(task).tasks().admit(task);
            case RUNNING -> task.wokenInSlice = true;
            case READY, EXITED -> {}
        }
    }

    /** Takes a ready task from another processor. */
    void take(Task task) {
        migrations++;
        enqueue(task);
        processor.scheduleDispatch();
    }

    /** Lets go of a ready task. */
    void giveAway(Task task) {
        queue.remove(task);
        balancer.waitingChanged(-1);
    }

    /** The task may no longer run here. One that sleeps is sent on when it wakes. */
    void evict(Task task) {
        if (task == current) {
            processor.scheduleDispatch();
        } else if (task.state == Task.State.READY) {
            giveAway(task);
            sendOn(task);
        }
    }

    /** Runs a slice of the most urgent task; whether the task that ran left by going to sleep or ending. */
    boolean run() {
        Task task = next();
        if (task == null) {
            return false;
        }
        processor.enter(task);
        switchTo(task.thread());
        processor.setAccount(task.account());
        task.state = Task.State.RUNNING;
        task.wokenInSlice = false;
        Task.Next next = task.resume();
        boolean waits = next == Task.Next.SLEEP || next == Task.Next.SPIN;
        settle(task, waits && task.wokenInSlice ? Task.Next.CONTINUE : next);
        boolean left = current == null && task.state != Task.State.READY;
        if (left && (task.state == Task.State.SLEEPING || task.endsThread())) {
            schedule();
        }
        return left;
    }

    /** {@code schedule} as called by a task that sleeps or ends: without another one that is ready the idle thread is next. */
    private void schedule() {
        processor.spend(costs.leave);
        scheduled = true;
        if (queue.size() == 0) {
            switchTo(IDLE_THREAD);
        }
    }

    private void switchTo(String thread) {
        if (!thread.equals(lastThread)) {
            if (!scheduled) {
                processor.spend(costs.choose);
            }
            processor.spend(costs.switchTo);
            lastThread = thread;
            switches++;
        }
        scheduled = false;
    }

    /** A tick of the running task's time slice ({@code scheduler_tick}). */
    void tick() {
        Task task = current;
        if (task == null || --task.sliceTicks > 0) {
            return;
        }
        stop(task);
        task.beginSlice(timer);
        if (queue.size() > 0 && task.state == Task.State.READY) {
            current = null;
            putBehind(task, task.isInteractive());
        }
    }

    void hashInto(StateHash hash) {
        queue.hashInto(hash);
        if (current != null) {
            current.hashInto(hash);
        }
        hash.put(lastThread);
        hash.put(scheduled);
        hash.put(migrations);
        hash.put(switches);
    }

    private void admit(Task task) {
        long nowPs = processor.loop().nowPs();
        if (task.processor() != processor) {
            if (task.sincePs > nowPs) {
                // Its last slice isn't over yet where it ran.
                task.wakeAt(task.sincePs);
                return;
            }
            task.migrate(processor);
            migrations++;
        }
        task.wakeFrom(nowPs, timer, load);
        enqueue(task);
        processor.scheduleDispatch();
        if (queue.size() > 0 && !task.isBound()) {
            balancer.awaitBalancing();
        }
    }

    private void enqueue(Task task) {
        task.state = Task.State.READY;
        queue.append(task);
        balancer.waitingChanged(1);
    }

    private void putBehind(Task task, boolean interactive) {
        if (interactive) {
            queue.append(task);
        } else {
            queue.appendExpired(task);
        }
        balancer.waitingChanged(1);
    }

    /** The interrupted or spinning task goes on, unless a more urgent one is ready, or, if it spins, any. */
    private @Nullable Task next() {
        Task running = current;
        if (running != null && !running.mayRunOn(processor)) {
            current = null;
            stop(running);
            sendOn(running);
            running = null;
        }
        if (running != null && running.state != Task.State.SPINNING && !queue.preempts(running)) {
            return running;
        }
        Task ready = queue.take();
        if (ready == null) {
            return null;
        }
        balancer.waitingChanged(-1);
        if (running != null) {
            putBack(running);
        }
        current = ready;
        ready.sincePs = processor.nowPs();
        return ready;
    }

    private void putBack(Task task) {
        stop(task);
        if (task.state == Task.State.SPINNING) {
            task.state = Task.State.READY;
            queue.appendExpired(task);
        } else {
            queue.prepend(task);
        }
        balancer.waitingChanged(1);
    }

    private void settle(Task task, Task.Next next) {
        switch (next) {
            case CONTINUE -> task.state = Task.State.READY;
            case SPIN -> task.state = Task.State.SPINNING;
            case YIELD -> letOthersRun(task);
            case SLEEP -> {
                leave(task);
                task.state = Task.State.SLEEPING;
            }
            case EXIT -> {
                leave(task);
                load.end();
                task.finish(processor.nowPs());
            }
        }
    }

    private void letOthersRun(Task task) {
        current = null;
        stop(task);
        task.state = Task.State.READY;
        if (task.mayRunOn(processor)) {
            putBehind(task, false);
        } else {
            sendOn(task);
        }
    }

    private void leave(Task task) {
        current = null;
        stop(task);
        load.change(-1, processor.loop().nowPs());
    }

    private void stop(Task task) {
        task.stopAt(processor.nowPs());
    }

    private void sendOn(Task task) {
        load.change(-1, processor.loop().nowPs());
        task.state = Task.State.SLEEPING;
        wakeUp(task);
    }
}
