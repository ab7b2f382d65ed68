package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;

/** What holds of a machine between any two events. */
final class Invariants {
    private final Machine machine;

    /** A tick of an idle processor shows only once it is over: the most cycles that one takes, with two domains to be balanced. */
    private final long longestTickCycles;

    private final int largestReceiveBuffer;
    private final long[] busy;
    private final long[] idle;
    private long nowPs;
    private long fired;

    /** @param largestReceiveBuffer of any socket, in bytes of truesize */
    Invariants(Machine machine, int largestReceiveBuffer) {
        this.machine = machine;
        longestTickCycles = longestTick(
                SpecRules.platform(machine.spec()), machine.cpus().cpus().size());
        this.largestReceiveBuffer = largestReceiveBuffer;
        busy = new long[machine.cpus().cpus().size()];
        idle = new long[busy.length];
        Arrays.setAll(busy, cpu -> machine.cpus().cpu(cpu).busyCycles());
        Arrays.setAll(idle, cpu -> machine.cpus().cpu(cpu).idleCycles());
        nowPs = machine.nowPs();
        fired = machine.fired();
    }

    private static long longestTick(Platform platform, int processors) {
        long cycles = 2 * platform.get(Parameter.LOAD_BALANCE_CYCLES)
                + (2 + processors) * platform.get(Parameter.FIND_BUSIEST_GROUP_CYCLES);
        for (Parameter each : List.of(
                Parameter.TIMER_INTERRUPT_CYCLES,
                Parameter.UPDATE_PROCESS_TIMES_CYCLES,
                Parameter.SCHEDULER_TICK_CYCLES,
                Parameter.REBALANCE_TICK_CYCLES,
                Parameter.RUN_TIMER_SOFTIRQ_CYCLES,
                Parameter.DEFAULT_IDLE_CYCLES)) {
            cycles += platform.get(each);
        }
        return cycles;
    }

    /** The clock goes forward, and no processor spends more cycles than there are. */
    void check() {
        assertTrue(machine.nowPs() >= nowPs, "the clock went back");
        assertTrue(machine.fired() >= fired, "events were taken back");
        assertTrue(machine.nextEventPs() >= machine.nowPs(), "an event was left behind");
        nowPs = machine.nowPs();
        fired = machine.fired();
        List<CpuViews.Cpu> cpus = machine.cpus().cpus();
        for (int i = 0; i < busy.length; i++) {
            check(cpus.get(i));
        }
    }

    private void check(CpuViews.Cpu cpu) {
        int i = cpu.cpu();
        assertTrue(cpu.busyCycles() >= busy[i], () -> "cycles were taken back: " + cpu + ", before " + busy[i]);
        assertTrue(
                cpu.idleCycles() >= idle[i] - longestTickCycles,
                () -> "more cycles were spent than had passed: " + cpu + ", idle before " + idle[i]);
        busy[i] = cpu.busyCycles();
        idle[i] = Math.max(idle[i], cpu.idleCycles());
    }

    /** Queues keep to their limits. */
    void checkQueues() {
        for (SocketViews.Socket socket : machine.sockets().sockets()) {
            if (socket.halfOpen() != null && socket.waiting() != null && socket.backlog() != null) {
                assertTrue(socket.halfOpen() <= 256, () -> "half open: " + socket);
                assertTrue(socket.waiting() <= socket.backlog() + 1, () -> "waiting: " + socket);
            }
            assertTrue(socket.readableBytes() <= largestReceiveBuffer, () -> "readable: " + socket);
            assertTrue(orZero(socket.prequeuedBytes()) <= largestReceiveBuffer, () -> "prequeued: " + socket);
            assertTrue(orZero(socket.backlogBytes()) <= 2 * largestReceiveBuffer, () -> "backlog: " + socket);
        }
    }

    /** All that was charged in the end is what the processors were busy with. */
    void checkProfile() {
        for (CpuViews.Cpu cpu : machine.cpus().cpus()) {
            long charged = machine.cpus().profile(cpu.cpu()).rows().stream()
                    .mapToLong(CpuViews.Row::cycles)
                    .sum();
            assertEquals(machine.cpus().cpu(cpu.cpu()).busyCycles(), charged, () -> "cycles charged to " + cpu);
        }
    }

    private static int orZero(Integer bytes) {
        return bytes == null ? 0 : bytes;
    }
}
