package org.ioatlab.paper;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.machine.Call;
import org.ioatlab.machine.Content;
import org.ioatlab.machine.CpuCommand;
import org.ioatlab.machine.CpuViews;
import org.ioatlab.machine.DmaViews;
import org.ioatlab.machine.Machine;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.MemoryCommand;
import org.ioatlab.machine.ObservationCommand;
import org.ioatlab.machine.Refusal;
import org.ioatlab.machine.SocketCommand;
import org.ioatlab.machine.SocketViews;
import org.ioatlab.machine.TestMachine;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Tcp;

/** A machine that receives, in the paper's words. */
final class Server {
    static final long US = Picoseconds.PER_MICROSECOND;
    static final long MS = Picoseconds.PER_MILLISECOND;
    static final long SECOND = Picoseconds.PER_SECOND;

    /** Takes the interrupts, and with them the softirq. */
    static final int INTERRUPTED = 0;

    /** Has the reader. */
    static final int READERS = 1;

    private static final Content NOTHING = new Content(Content.Fill.ZERO, null);

    final TestMachine lab;
    final Machine machine;
    private final String listening;
    private long acknowledgmentsSeen;

    /** A segment without data that the machine sent. */
    record Acknowledgment(long atNs, int acknowledges, int window) {}

    Server(MachineSpec spec) {
        lab = new TestMachine(spec);
        machine = lab.machine;
        listening = lab.run(new SocketCommand.Open(
                        SocketCommand.Protocol.TCP, null, Sender.PORT, null, null, null, Map.of(), SECOND, 0))
                .id();
    }

    /** The connection that somebody has just made. */
    String accept() {
        return Objects.requireNonNull(
                lab.run(new SocketCommand.Accept(listening, SECOND, 0)).id());
    }

    /** A read that returns when it can. */
    Call<SocketViews.Received> reads(Sender from, int length, String... flags) {
        return readsOn(READERS, from, length, flags);
    }

    Call<SocketViews.Received> readsOn(int cpu, Sender from, int length, String... flags) {
        return lab.start(new SocketCommand.Receive(from.socket, List.of(length), List.of(flags), 10 * SECOND, cpu));
    }

    /** A read that has found nothing and sleeps. */
    Call<SocketViews.Received> sleepsReading(Sender from, int length, String... flags) {
        Call<SocketViews.Received> read = reads(from, length, flags);
        lab.advance(MS);
        return read;
    }

    /** A read of all {@code length} bytes, to its end. */
    SocketViews.Received readAll(Sender from, int length) {
        return lab.finish(reads(from, length, "MSG_WAITALL"));
    }

    /** Runs event by event until something holds; the instant in nanoseconds. */
    long until(BooleanSupplier holds) {
        while (!holds.getAsBoolean()) {
            if (machine.nextEventPs() > EventLoop.HORIZON_PS) {
                throw new AssertionError("never comes to that");
            }
            machine.run(EventLoop.HORIZON_PS, 1, true);
        }
        return lab.nowNs();
    }

    int pinnedPages() {
        return machine.memory().state().pinnedPages();
    }

    /** The names of the pages that are pinned now. */
    List<String> pinned() {
        int frames = (int) (machine.memory().state().totalBytes() / PhysicalMemory.PAGE_SIZE);
        return IntStream.range(0, frames)
                .mapToObj("p%d"::formatted)
                .filter(this::isPinned)
                .toList();
    }

    private boolean isPinned(String page) {
        try {
            return machine.memory().page(page).pins() > 0;
        } catch (Refusal nobodyHoldsIt) {
            return false;
        }
    }

    /** Takes all low pages that there are, and all buffers of a kilobyte or two that fit into pages taken before. */
    void exhaustLowMemory() {
        for (int pages : new int[] {1024, 32, 1}) {
            untilExhausted(new MemoryCommand.AllocatePages(pages, ZoneKind.LOW, NOTHING, READERS));
        }
        untilExhausted(new MemoryCommand.AllocateBuffer(1025, NOTHING, READERS));
    }

    private void untilExhausted(MemoryCommand<?> command) {
        try {
            while (true) {
                lab.run(command);
            }
        } catch (Refusal refusal) {
            if (refusal.kind() != Refusal.Kind.OUT_OF_MEMORY) {
                throw refusal;
            }
        }
    }

    /** Cycles that a function has taken since the profile began, on all processors. */
    long cycles(Symbol symbol) {
        return cycles(null, symbol);
    }

    /** The same on one processor. */
    long cycles(Integer cpu, Symbol symbol) {
        return machine.cpus().profile(cpu).rows().stream()
                .filter(row -> row.symbol().equals(symbol.kernelName()))
                .mapToLong(CpuViews.Row::cycles)
                .sum();
    }

    void newProfile() {
        lab.run(new ObservationCommand.ResetProfile());
    }

    long busyCycles(int cpu) {
        return machine.cpus().cpu(cpu).busyCycles();
    }

    long busyCycles() {
        return machine.cpus().cpus().stream()
                .mapToLong(CpuViews.Cpu::busyCycles)
                .sum();
    }

    /** Objects of a slab cache that are in use. */
    int objects(String slabCache) {
        return machine.memory().state().slabCaches().stream()
                .filter(cache -> cache.name().equals(slabCache))
                .mapToInt(cache -> cache.activeObjects())
                .sum();
    }

    DmaViews.Channel channel(int number) {
        return lab.channel("dma0chan" + number);
    }

    /** Copies that all channels were asked for. */
    long copies() {
        return machine.dma().channels().stream()
                .mapToLong(DmaViews.Channel::memcpyCount)
                .sum();
    }

    /** The most descriptors that the engine hasn't been told of, until something holds. */
    int mostPending(BooleanSupplier holds) {
        int most = 0;
        while (!holds.getAsBoolean()) {
            machine.run(EventLoop.HORIZON_PS, 1, true);
            int pending = machine.dma().channels().stream()
                    .mapToInt(DmaViews.Channel::pendingDescriptors)
                    .sum();
            most = Math.max(most, pending);
        }
        return most;
    }

    SocketViews.Socket socket(Sender of) {
        return machine.sockets().socket(of.socket);
    }

    /** Steers the port's interrupts to a processor. */
    void interrupts(int cpu) {
        for (CpuViews.Interrupt each : machine.cpus().interrupts()) {
            if (each.name().startsWith("eth0")) {
                lab.run(new CpuCommand.SetInterruptAffinity(each.irq(), cpu));
            }
        }
    }

    /** What the machine has sent without data since this was last asked for. */
    List<Acknowledgment> acknowledgments() {
        List<Acknowledgment> found = new ArrayList<>();
        machine.wire().packets(acknowledgmentsSeen, Integer.MAX_VALUE).forEach(packet -> {
            acknowledgmentsSeen = packet.sequence();
            byte[] ip = HexFormat.of().parseHex(packet.hex());
            int tcp = Ipv4.headerLength(ip, 0);
            found.add(new Acknowledgment(packet.atNs(), Tcp.acknowledgment(ip, tcp), Tcp.window(ip, tcp)));
        });
        return found;
    }

    /** A figure of {@code /proc} from its name's column. */
    long counter(String file, String name) {
        String[] lines = machine.proc().read(file).split("\n", -1);
        for (int i = 0; i + 1 < lines.length; i++) {
            List<String> names = List.of(lines[i].split(" ", -1));
            if (names.contains(name)) {
                return Long.parseLong(lines[i + 1].split(" ", -1)[names.indexOf(name)]);
            }
        }
        throw new AssertionError("no " + name);
    }

    /** A row of {@code /proc/interrupts} or {@code /proc/softirqs}: a figure a processor. */
    List<Long> row(String file, String name) {
        return ProcRows.row(machine, file, name);
    }
}
