package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Observation;
import org.ioatlab.observe.Profile;
import org.ioatlab.observe.Symbol;
import org.jspecify.annotations.Nullable;

/** The processors, the profile and the timeline as users of a machine see them. */
public final class CpuFace {
    private final Processors processors;
    private final Observation observation;

    CpuFace(Processors processors, Observation observation) {
        this.processors = processors;
        this.observation = observation;
    }

    Call<?> apply(ObservationCommand<?> command) {
        switch (command) {
            case ObservationCommand.ResetProfile _ -> {
                processors.settle();
                observation.profile().reset();
            }
            case ObservationCommand.SetTimeline c -> observation.timeline().enable(c.enabled());
        }
        return Call.of(Machine.done(processors.loop()));
    }

    /** All logical processors, by number. */
    public List<CpuViews.Cpu> cpus() {
        List<CpuViews.Cpu> views = new ArrayList<>();
        for (int i = 0; i < processors.count(); i++) {
            views.add(view(processors.get(i)));
        }
        return views;
    }

    /** One logical processor. */
    public CpuViews.Cpu cpu(int number) {
        if (number < 0 || number >= processors.count()) {
            throw Refusal.unknown("cpu", number);
        }
        return view(processors.get(number));
    }

    /** The profile of one processor, or of all when null: functions by samples, then by cycles, most first. */
    public CpuViews.Profile profile(@Nullable Integer cpu) {
        if (cpu != null) {
            cpu(cpu);
        }
        processors.settle();
        Profile profile = observation.profile();
        long total = 0;
        List<CpuViews.Row> rows = new ArrayList<>();
        for (Symbol symbol : Symbol.values()) {
            CpuViews.Row row = row(profile, symbol, cpu);
            total += row.samples();
            if (row.cycles() > 0) {
                rows.add(row);
            }
        }
        rows.sort(Comparator.comparingLong(CpuViews.Row::samples)
                .thenComparingLong(CpuViews.Row::cycles)
                .reversed()
                .thenComparing(CpuViews.Row::symbol));
        long samples = total;
        return new CpuViews.Profile(
                "GLOBAL_POWER_EVENTS",
                profile.periodCycles(),
                samples,
                rows.stream().map(row -> share(row, samples)).toList());
    }

    /** Whether spans are kept. */
    public boolean isTimelineEnabled() {
        return observation.timeline().isEnabled();
    }

    /** The spans that are kept, oldest first. */
    public List<CpuViews.Span> timeline() {
        List<CpuViews.Span> spans = new ArrayList<>();
        observation
                .timeline()
                .forEach((track, name, start, end) -> spans.add(new CpuViews.Span(track, name, start, end)));
        return spans;
    }

    private CpuViews.Cpu view(Processor processor) {
        Cpu cpu = processor.cpu();
        long elapsed = cpu.frequency().cyclesAtOrAfter(processors.loop().nowPs());
        long busy = Math.min(processor.busyCycles(), elapsed);
        Task running = processor.current();
        return new CpuViews.Cpu(
                cpu.id(),
                cpu.socket(),
                cpu.core(),
                cpu.thread(),
                cpu.frequency().megahertz(),
                busy,
                elapsed - busy,
                elapsed == 0 ? 0 : (double) busy / elapsed,
                running == null ? null : running.name());
    }

    private CpuViews.Row row(Profile profile, Symbol symbol, @Nullable Integer only) {
        long samples = 0;
        long cycles = 0;
        for (int cpu = 0; cpu < profile.cpus(); cpu++) {
            if (only == null || only == cpu) {
                samples += profile.samples(cpu, symbol);
                cycles += profile.cycles(cpu, symbol);
            }
        }
        return new CpuViews.Row(symbol.kernelName(), samples, 0, cycles);
    }

    private static CpuViews.Row share(CpuViews.Row row, long samples) {
        double percent = samples == 0 ? 0 : 100.0 * row.samples() / samples;
        return new CpuViews.Row(row.symbol(), row.samples(), percent, row.cycles());
    }
}
