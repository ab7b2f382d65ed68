package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.kernel.sched.CrossCall;
import org.ioatlab.kernel.sched.InterruptLine;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Observation;
import org.ioatlab.observe.Profile;
import org.ioatlab.observe.ProfileSamples;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** The processors, the profile and the timeline as users of a machine see them. */
public final class CpuFace {
    /** Most events between two samples. */
    public static final long MOST_PERIOD_CYCLES = 1_000_000_000;

    private static final String NETBURST_PLATFORM = "xeon-e7520";

    private final Processors processors;
    private final CrossCall crossCall;
    private final Observation observation;
    private final StatisticsFace statistics;
    private final String platform;
    private final List<CrossCallTask> underWay = new ArrayList<>();

    CpuFace(
            Processors processors,
            CrossCall crossCall,
            Observation observation,
            StatisticsFace statistics,
            String platform) {
        this.statistics = statistics;
        this.platform = platform;
        this.processors = processors;
        this.crossCall = crossCall;
        this.observation = observation;
    }

    Call<?> apply(ObservationCommand<?> command) {
        switch (command) {
            case ObservationCommand.ResetProfile _ -> {
                processors.settle();
                observation.profile().reset();
            }
            case ObservationCommand.SetProfile c -> {
                return Call.of(setProfile(c));
            }
            case ObservationCommand.ResetStatistics _ -> statistics.reset();
            case ObservationCommand.SetTimeline c -> observation.timeline().enable(c.enabled());
        }
        return Call.of(Machine.done(processors.loop()));
    }

    private CpuViews.Sampling setProfile(ObservationCommand.SetProfile c) {
        Profile profile = observation.profile();
        long period = c.periodCycles() == null ? profile.periodCycles() : c.periodCycles();
        Ranges.require("periodCycles", period, 1, MOST_PERIOD_CYCLES);
        processors.settle();
        profile.sampleBy(c.event() == null ? profile.event() : c.event(), period);
        return new CpuViews.Sampling(profile.event().name(), period);
    }

    Call<?> apply(CpuCommand<?> command) {
        return switch (command) {
            case CpuCommand.SetInterruptAffinity c -> {
                InterruptLine line = line(c.irq());
                line.setAffinity(Machine.processor(processors, c.cpu()));
                yield Call.of(view(line));
            }
            case CpuCommand.CallOthers c -> callOthers(c);
        };
    }

    /** All interrupt vectors ever registered, by number. */
    public List<CpuViews.Interrupt> interrupts() {
        return processors.lines().stream().map(this::view).toList();
    }

    /** One interrupt vector. */
    public CpuViews.Interrupt interrupt(int irq) {
        return view(line(irq));
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
        ProfileSamples taken = profile.samples();
        long total = 0;
        List<CpuViews.Row> rows = new ArrayList<>();
        for (Symbol symbol : Symbol.values()) {
            CpuViews.Row row = row(profile, taken, symbol, cpu);
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
                profile.event().name(),
                profile.event().description(),
                profile.event().unitMask(),
                profile.periodCycles(),
                samples,
                cpuType(),
                processors.get(0).cpu().frequency().megahertz(),
                rows.stream().map(row -> share(row, samples)).toList());
    }

    /** Samples by processor, context and function, those with none left out. */
    public List<CpuViews.Stack> stacks(@Nullable Integer cpu) {
        if (cpu != null) {
            cpu(cpu);
        }
        processors.settle();
        Profile profile = observation.profile();
        ProfileSamples taken = profile.samples();
        List<String> contexts = profile.contexts();
        List<CpuViews.Stack> stacks = new ArrayList<>();
        for (int i = 0; i < profile.cpus(); i++) {
            for (int context = 0; (cpu == null || cpu == i) && context < contexts.size(); context++) {
                for (Symbol symbol : Symbol.values()) {
                    long samples = taken.of(i, context, symbol);
                    if (samples > 0) {
                        stacks.add(new CpuViews.Stack(i, contexts.get(context), symbol.kernelName(), samples));
                    }
                }
            }
        }
        return stacks;
    }

    /** As oprofile calls what the platforms have. */
    private String cpuType() {
        if (!platform.equals(NETBURST_PLATFORM)) {
            return "Core 2";
        }
        boolean siblings = cpus().stream().anyMatch(view -> view.thread() > 0);
        return siblings ? "P4 / Xeon with 2 hyper-threads" : "P4 / Xeon";
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

    void hashInto(StateHash hash) {
        for (CrossCallTask task : underWay) {
            task.feed(hash);
        }
    }

    private Call<?> callOthers(CpuCommand.CallOthers c) {
        Ranges.require("functionCycles", c.functionCycles(), 0, CpuCommand.MOST_FUNCTION_CYCLES);
        Processor caller = Machine.processor(processors, c.cpu());
        CrossCallTask task = new CrossCallTask(c, crossCall, CalledCpus.of(c, processors), caller, underWay);
        underWay.add(task);
        return task.start();
    }

    private InterruptLine line(int irq) {
        for (InterruptLine line : processors.lines()) {
            if (line.irq() == irq) {
                return line;
            }
        }
        throw Refusal.unknown("interrupt", irq);
    }

    private CpuViews.Interrupt view(InterruptLine line) {
        List<Long> counts = new ArrayList<>();
        for (int cpu = 0; cpu < processors.count(); cpu++) {
            counts.add(line.count(cpu));
        }
        return new CpuViews.Interrupt(
                line.irq(), line.name(), line.affinity().cpu().id(), counts);
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

    private static CpuViews.Row row(Profile profile, ProfileSamples taken, Symbol symbol, @Nullable Integer only) {
        long samples = 0;
        long cycles = 0;
        for (int cpu = 0; cpu < profile.cpus(); cpu++) {
            if (only == null || only == cpu) {
                samples += taken.of(cpu, symbol);
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
