package org.ioatlab.machine;

import java.lang.management.ManagementFactory;
import org.ioatlab.workload.traffic.Verification;

/**
 * Prints what a simulated packet costs the host as the number of open connections, the memory's size and the elapsed virtual time grow: all
 * rows of a table should be alike. Thread time, so that other work on the host disturbs little.
 */
public final class ReceivePathFigures {
    private static final int WARM_UP_MS = 4_000;
    private static final int MEASURED_MS = 2_000;

    private ReceivePathFigures() {}

    public static void main(String[] arguments) {
        row("warming up (ignore)", machine(1, 128, 0));
        row("datagrams, fast processors", new ReceivingMachine(Presets.LEGACY, 1000, 128, 10_000).datagrams());
        row(
                "10 GbE, 8 streams, 2 queues",
                new ReceivingMachine(Presets.MULTI_QUEUE, 10_000, 128, 10_000).streams(8, Verification.COMPARE));
        for (int connections : new int[] {1, 10, 100, 1_000, 10_000}) {
            row("open connections " + connections, machine(connections, 128, 0));
        }
        for (int mib : new int[] {128, 512, 2048, 8192}) {
            row("memory MiB " + mib, machine(1, mib, 0));
        }
        for (int seconds : new int[] {0, 60, 600}) {
            row("virtual seconds before " + seconds, machine(1, 128, seconds));
        }
    }

    private static ReceivingMachine machine(int connections, int memoryMib, int idleSeconds) {
        ReceivingMachine receiver = new ReceivingMachine(Presets.LEGACY, 1000, memoryMib, 0);
        for (int i = 0; i < idleSeconds; i++) {
            receiver.advance(1000);
        }
        return receiver.streams(connections, Verification.COMPARE);
    }

    private static void row(String what, ReceivingMachine receiver) {
        receiver.advance(WARM_UP_MS);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long packets = receiver.packets();
        long events = receiver.machine.fired();
        long bytes = threads.getThreadAllocatedBytes(thread);
        long nanos = threads.getThreadCpuTime(thread);
        receiver.advance(MEASURED_MS);
        nanos = threads.getThreadCpuTime(thread) - nanos;
        bytes = threads.getThreadAllocatedBytes(thread) - bytes;
        double read = receiver.packets() - packets;
        System.out.printf(
                "%-32s %9.0f packets  %7.0f ns a packet  %9.0f packets/s  %5.2f events a packet  %6.1f B a packet%n",
                what, read, nanos / read, read / nanos * 1e9, (receiver.machine.fired() - events) / read, bytes / read);
    }
}
