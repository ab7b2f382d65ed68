package org.ioatlab.machine;

import java.util.Locale;
import java.util.function.IntToLongFunction;
import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.kernel.sched.CrossCall;
import org.ioatlab.kernel.sched.InterruptLine;
import org.ioatlab.kernel.sched.LoadAverage;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.kernel.sched.Softirq;

/** What processors, interrupts and the scheduler did, in the forms of {@code /proc}. */
final class ProcSched {
    /** Ticks a second in which {@code /proc/stat} counts ({@code USER_HZ}). */
    private static final long USER_HZ = 100;

    private static final long MEGA = 1_000_000;

    private final Processors processors;
    private final CrossCall crossCall;

    ProcSched(Processors processors, CrossCall crossCall) {
        this.processors = processors;
        this.crossCall = crossCall;
    }

    /** Vectors, then the local timers' interrupts and those that processors sent each other. */
    String interrupts() {
        StringBuilder text = new StringBuilder("    ");
        header(text);
        for (InterruptLine line : processors.lines()) {
            text.append("%3d:".formatted(line.irq()));
            columns(text, line::count);
            text.append("   PCI-MSI  ").append(line.name()).append('\n');
        }
        columns(text.append("LOC:"), cpu -> processors.get(cpu).ticks());
        columns(text.append("\nCAL:"), crossCall::interrupts);
        return text.append('\n').toString();
    }

    String softirqs() {
        StringBuilder text = new StringBuilder("         ");
        header(text);
        for (Softirq softirq : Softirq.values()) {
            text.append("%8s:".formatted(softirq.name()));
            columns(text, cpu -> processors.get(cpu).softirqCount(softirq));
            text.append('\n');
        }
        return text.toString();
    }

    /** Time by account: user, nice, system, idle, iowait, irq, softirq; then sums of interrupts, switches and tasks. */
    String stat() {
        long[] sums = new long[Processor.Account.values().length + 1];
        StringBuilder lines = new StringBuilder();
        for (int cpu = 0; cpu < processors.count(); cpu++) {
            long[] times = times(processors.get(cpu));
            for (int i = 0; i < sums.length; i++) {
                sums[i] += times[i];
            }
            lines.append("cpu").append(cpu).append(accounts(times)).append('\n');
        }
        LoadAverage load = processors.load();
        return "cpu " + accounts(sums) + "\n" + lines + "intr " + interruptCount() + "\nctxt " + switches()
                + "\nbtime 0\nprocesses " + load.started() + "\nprocs_running " + load.runnable()
                + "\nprocs_blocked 0\n";
    }

    /** Averages over 1, 5 and 15 minutes, tasks that want to run of all, and how many there ever were. */
    String loadavg() {
        LoadAverage load = processors.load();
        long nowPs = processors.loop().nowPs();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LoadAverage.PERIODS; i++) {
            long hundredths = load.hundredths(i, nowPs);
            text.append(String.format(Locale.ROOT, "%d.%02d ", hundredths / 100, hundredths % 100));
        }
        return text.append("%d/%d %d%n".formatted(load.runnable(), load.tasks(), load.started()))
                .toString();
    }

    /** By account and at last idle, in {@link #USER_HZ}. */
    private long[] times(Processor processor) {
        Cpu cpu = processor.cpu();
        long unit = cpu.frequency().megahertz() * MEGA / USER_HZ;
        long idle = cpu.frequency().cyclesAtOrAfter(processors.loop().nowPs());
        Processor.Account[] accounts = Processor.Account.values();
        long[] times = new long[accounts.length + 1];
        for (int i = 0; i < accounts.length; i++) {
            times[i] = processor.cycles(accounts[i]) / unit;
            idle -= processor.cycles(accounts[i]);
        }
        times[accounts.length] = Math.max(0, idle) / unit;
        return times;
    }

    private static String accounts(long[] times) {
        return " %d %d %d %d 0 %d %d"
                .formatted(
                        times[Processor.Account.USER.ordinal()],
                        times[Processor.Account.NICE.ordinal()],
                        times[Processor.Account.SYSTEM.ordinal()],
                        times[times.length - 1],
                        times[Processor.Account.IRQ.ordinal()],
                        times[Processor.Account.SOFTIRQ.ordinal()]);
    }

    private long interruptCount() {
        long count = 0;
        for (int cpu = 0; cpu < processors.count(); cpu++) {
            count += processors.get(cpu).ticks() + crossCall.interrupts(cpu);
            for (InterruptLine line : processors.lines()) {
                count += line.count(cpu);
            }
        }
        return count;
    }

    private long switches() {
        long count = 0;
        for (int cpu = 0; cpu < processors.count(); cpu++) {
            count += processors.get(cpu).switches();
        }
        return count;
    }

    private void header(StringBuilder text) {
        for (int cpu = 0; cpu < processors.count(); cpu++) {
            text.append("       CPU").append(cpu);
        }
        text.append('\n');
    }

    private void columns(StringBuilder text, IntToLongFunction column) {
        for (int cpu = 0; cpu < processors.count(); cpu++) {
            text.append("%11d".formatted(column.applyAsLong(cpu)));
        }
    }
}
