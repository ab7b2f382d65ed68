package org.ioatlab.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.sched.FreeTicks;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;

/** A small language for driving one paused machine: each call runs the machine until it returns. */
public final class TestMachine {
    private static final long SECOND = Picoseconds.PER_SECOND;

    public final Machine machine;

    public TestMachine(MachineSpec spec) {
        machine = new Machine(spec);
    }

    /** The default machine. */
    public static TestMachine standard() {
        return new TestMachine(Presets.IOAT.spec());
    }

    /** The default machine with another copy engine. */
    public static TestMachine withDma(UnaryOperator<DmaSpec> change) {
        MachineSpec spec = Presets.IOAT.spec();
        return new TestMachine(
                with(spec, change.apply(spec.dma()), spec.kernel().personality(), spec.memory()));
    }

    /** The default machine with another number of processors, in sockets of one thread each. */
    public static TestMachine withCpus(int cpus) {
        MachineSpec s = Presets.IOAT.spec();
        return new TestMachine(new MachineSpec(
                s.platform(),
                s.seed(),
                new MachineSpec.Cpus(cpus, 1, 1, 0),
                s.memory(),
                s.nic(),
                s.dma(),
                s.kernel(),
                Map.of()));
    }

    /** A machine of a spec with other costs. */
    public static TestMachine withCosts(MachineSpec spec, Map<String, Long> costs) {
        return new TestMachine(new MachineSpec(
                spec.platform(),
                spec.seed(),
                spec.cpus(),
                spec.memory(),
                spec.nic(),
                spec.dma(),
                spec.kernel(),
                costs));
    }

    /** The default machine with other memory. */
    public static TestMachine withMemory(int totalMib, int lowMib) {
        MachineSpec spec = Presets.IOAT.spec();
        return new TestMachine(
                with(spec, spec.dma(), spec.kernel().personality(), new MachineSpec.Memory(totalMib, lowMib)));
    }

    /** The default machine with another kernel. */
    public static TestMachine withPersonality(Personality personality) {
        MachineSpec spec = Presets.IOAT.spec();
        return new TestMachine(with(spec, spec.dma(), personality, spec.memory()));
    }

    public static MachineSpec with(MachineSpec spec, DmaSpec dma, Personality personality, MachineSpec.Memory memory) {
        KernelSpec kernel = spec.kernel();
        return new MachineSpec(
                spec.platform(),
                spec.seed(),
                spec.cpus(),
                memory,
                spec.nic(),
                dma,
                new KernelSpec(
                        personality,
                        kernel.copyOffload(),
                        kernel.napiWeight(),
                        kernel.napiBudget(),
                        kernel.ackPolicy(),
                        kernel.tcpPersona(),
                        kernel.packetTap(),
                        kernel.copybreakBytes(),
                        kernel.offloadChannels()),
                Map.of());
    }

    /** That machine with timer ticks and idling free of cost, for tests that count cycles of other things. */
    public static TestMachine withFreeTicks(MachineSpec s) {
        return withCosts(s, FreeTicks.COSTS);
    }

    /** Applies a command and runs until it returns. */
    public <R> R run(Command<R> command) {
        return finish(machine.apply(command));
    }

    /** Applies a command without running: its call returns while the machine runs. */
    public <R> Call<R> start(Command<R> command) {
        return machine.apply(command);
    }

    /** Why a command is refused, as kind and type; one that is refused at once must leave the machine as it was. */
    public String refused(Command<?> command) {
        Refusal refusal = refusal(command);
        return refusal.kind() + " " + refusal.type();
    }

    /** The refusal itself. */
    public Refusal refusal(Command<?> command) {
        String before = machine.digest();
        Call<?> call;
        try {
            call = machine.apply(command);
        } catch (Refusal refusal) {
            if (!machine.digest().equals(before)) {
                throw new AssertionError(command + " was refused and changed the machine");
            }
            return refusal;
        }
        return whyFailed(call);
    }

    /** Runs until a call that was started has failed. */
    public Refusal whyFailed(Call<?> call) {
        try {
            finish(call);
        } catch (Refusal refusal) {
            return refusal;
        }
        throw new AssertionError("not refused");
    }

    /** Runs until a call that was started returns. */
    public <R> R finish(Call<R> call) {
        while (!call.isDone()) {
            EventLoop.Stop stop = machine.run(machine.nowPs() + SECOND, Long.MAX_VALUE, false);
            if (stop == EventLoop.Stop.TIME && machine.nextEventPs() > EventLoop.HORIZON_PS) {
                throw new AssertionError("never returns");
            }
        }
        return call.result();
    }

    /** Lets the clock go on by so much. */
    public void advance(long ps) {
        long until = machine.nowPs() + ps;
        while (machine.run(until, Long.MAX_VALUE, false) == EventLoop.Stop.REQUESTED) {
            // a call that returned stops the loop
        }
    }

    /** Lets the clock go on, event by event, until a copy reads as done; the instant. */
    public long untilDone(String channel, int cookie) {
        return until(channel, cookie, "DMA_SUCCESS");
    }

    /** The same for any status. */
    public long until(String channel, int cookie, String status) {
        while (!peek(channel, cookie).equals(status)) {
            if (machine.nextEventPs() == Long.MAX_VALUE) {
                throw new AssertionError("cookie " + cookie + " stays " + peek(channel, cookie));
            }
            machine.run(EventLoop.HORIZON_PS, 1, true);
        }
        return machine.nowPs();
    }

    /** Lets the machine do all it has to do. */
    public void settle() {
        while (machine.run(EventLoop.HORIZON_PS, Long.MAX_VALUE, true) != EventLoop.Stop.IDLE) {
            // a call that returned stops the loop
        }
    }

    /** A buffer with bytes 0, 1, 2, … */
    public String buffer(int size) {
        return run(new MemoryCommand.AllocateBuffer(size, new Content(Content.Fill.INCREMENTING, null), 0))
                .id();
    }

    /** A buffer of zeros. */
    public String emptyBuffer(int size) {
        return run(new MemoryCommand.AllocateBuffer(size, new Content(Content.Fill.ZERO, null), 0))
                .id();
    }

    /** A page of zeros. */
    public String page(ZoneKind zone) {
        return run(new MemoryCommand.AllocatePages(1, zone, new Content(Content.Fill.ZERO, null), 0))
                .pages()
                .getFirst()
                .page();
    }

    /** A client that asks for channels. */
    public DmaViews.ChannelRequest client(String name, int channels) {
        run(new DmaCommand.RegisterClient(name, 0));
        return run(new DmaCommand.RequestChannels(name, channels, 0));
    }

    public static DmaCommand.Place inBuffer(String id, int offset) {
        return new DmaCommand.Place(id, null, offset);
    }

    public static DmaCommand.Place inPage(String id, int offset) {
        return new DmaCommand.Place(null, id, offset);
    }

    /** Submits one copy to a channel. */
    public DmaViews.Copy copy(String channel, DmaCommand.Place dest, DmaCommand.Place src, int len) {
        return run(new DmaCommand.SubmitCopies(channel, null, List.of(new DmaCommand.Copy(dest, src, len)), false, 0))
                .copies()
                .getFirst();
    }

    /** A copy between the starts of two buffers. */
    public int copy(String channel, String dest, String src, int len) {
        Integer cookie = copy(channel, inBuffer(dest, 0), inBuffer(src, 0), len).cookie();
        if (cookie == null) {
            throw new AssertionError("no cookie");
        }
        return cookie;
    }

    public DmaViews.Cookie complete(String channel, int cookie) {
        return run(new DmaCommand.CompleteCookie(channel, cookie, 0));
    }

    public DmaViews.Cookie waitFor(String channel, int cookie) {
        return run(new DmaCommand.WaitForCookie(channel, cookie, SECOND, 0));
    }

    public String peek(String channel, int cookie) {
        return machine.dma().cookie(channel, cookie).status();
    }

    public void fault(String channel, FaultType type, int after) {
        run(new DmaCommand.InjectFault(channel, type, after));
    }

    public void control(String channel, DmaCommand.Control control) {
        run(new DmaCommand.ControlChannel(channel, control, 0));
    }

    public DmaViews.Channel channel(String id) {
        return machine.dma().channel(id);
    }

    /** A register's value, looked at from outside. */
    public long register(String name) {
        for (DmaViews.Registers engine : machine.dma().registers()) {
            for (DmaViews.Register register : engine.registers()) {
                if (register.name().equals(name)) {
                    return Long.parseUnsignedLong(register.value().substring(2), 16);
                }
            }
        }
        throw new AssertionError("no register " + name);
    }

    /** A register's value as a driver reads it. */
    public long read(String name) {
        String value = run(new DmaCommand.ReadRegister(name, 0)).value();
        return Long.parseUnsignedLong(value.substring(2), 16);
    }

    public void write(String name, long value) {
        run(new DmaCommand.WriteRegister(name, value, 0));
    }

    /** Bytes of a page, the kernel's own included. */
    public byte[] pageBytes(String page) {
        return machine.memory().readPage(page, 0, -1);
    }

    /** Eight bytes at a physical address, whoever owns them. */
    public long physical(long address) {
        byte[] bytes = machine.memory().readPage(MemoryFace.pageName((int) (address >> 12)), (int) address & 0xfff, 8);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** The physical address of a buffer. */
    public long addressOf(String buffer) {
        return Long.parseLong(machine.memory().buffer(buffer).address().substring(2), 16) - 0xc000_0000L;
    }

    /** The events that a client has seen, a line each. */
    public String events(String client) {
        StringBuilder lines = new StringBuilder();
        for (DmaViews.Event event : machine.dma().events(client, 0, 1000)) {
            lines.append(event.sequence())
                    .append(' ')
                    .append(event.event())
                    .append(' ')
                    .append(event.channel())
                    .append('\n');
        }
        return lines.toString();
    }

    public byte[] bytes(String buffer) {
        return machine.memory().readBuffer(buffer, 0, -1);
    }

    public long nowNs() {
        return machine.nowPs() / Picoseconds.PER_NANOSECOND;
    }
}
