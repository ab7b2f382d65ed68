package org.ioatlab.kernel.net;

import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;

/**
 * Changes a port's settings in process context, a slice of a task at a time. What needs new rings goes as {@code e1000_down} and
 * {@code e1000_up} do: packets in the ring are sent, link down, frames under way are handed on, receiver and transmitter off, everything freed
 * and set up anew. Frames from outside wait on the wire meanwhile, packets to be sent in their queue.
 */
public final class PortReset {
    /** How long each step waits for what is under way. */
    public static final long STEP_PS = 100 * Picoseconds.PER_MICROSECOND;

    /** After as many waits, 100 ms, what still waits is given up. */
    private static final int MOST_WAITS = 1000;

    private enum Stage {
        START,
        DRAINING,
        LINK_DOWN,
        RECEIVER_OFF,
        DONE
    }

    private final E1000Driver driver;
    private final NicSettings settings;
    private Stage stage = Stage.START;
    private int waits;
    private boolean successful;

    /** A change of {@code driver} to {@code settings}. */
    public PortReset(E1000Driver driver, NicSettings settings) {
        this.driver = driver;
        this.settings = settings;
    }

    /** Whether the port works with the new settings; false while under way, and when memory was exhausted. */
    public boolean isSuccessful() {
        return successful;
    }

    /** Does the next step in a slice of {@code task}; {@link Task.Next#EXIT} when done. */
    public Task.Next resume(Task task) {
        return switch (stage) {
            case START -> start(task);
            case DRAINING -> draining(task);
            case LINK_DOWN -> linkDown(task);
            case RECEIVER_OFF -> receiverOff(task);
            case DONE -> Task.Next.EXIT;
        };
    }

    /** Feeds where it stands. */
    public void hashInto(StateHash hash) {
        hash.put(stage.ordinal());
        hash.put(waits);
    }

    private Task.Next start(Task task) {
        Processor on = task.processor();
        if (!driver.needsReset(settings)) {
            driver.apply(settings, on);
            return end(true);
        }
        driver.stopTransmit();
        return draining(task);
    }

    private Task.Next draining(Task task) {
        if (!driver.isDrained() && waits++ < MOST_WAITS) {
            return sleep(Stage.DRAINING, task);
        }
        waits = 0;
        driver.linkDown(task.processor());
        return sleep(Stage.LINK_DOWN, task);
    }

    private Task.Next linkDown(Task task) {
        if (!driver.isQuiet() && waits++ < MOST_WAITS) {
            return sleep(Stage.LINK_DOWN, task);
        }
        driver.switchOff(task.processor());
        return sleep(Stage.RECEIVER_OFF, task);
    }

    private Task.Next receiverOff(Task task) {
        if (driver.isPolled()) {
            return sleep(Stage.RECEIVER_OFF, task);
        }
        driver.close(task.processor());
        driver.setSettings(settings);
        return end(driver.open(task.processor()));
    }

    private Task.Next sleep(Stage next, Task task) {
        stage = next;
        task.wakeAt(task.processor().cpu().cursorPs() + STEP_PS);
        return Task.Next.SLEEP;
    }

    private Task.Next end(boolean success) {
        successful = success;
        stage = Stage.DONE;
        return Task.Next.EXIT;
    }
}
