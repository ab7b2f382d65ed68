package org.ioatlab.machine;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.kernel.mm.ZoneKind;
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
                        kernel.packetTap()),
                Map.of());
    }

    /** Applies a command and runs until it returns. */
    public <R> R run(Command<R> command) {
        Call<R> call = machine.apply(command);
        while (!call.isDone()) {
            EventLoop.Stop stop = machine.run(machine.nowPs() + SECOND, Long.MAX_VALUE, false);
            if (stop == EventLoop.Stop.TIME && machine.nextEventPs() == Long.MAX_VALUE) {
                throw new AssertionError(command + " never returns");
            }
        }
        return call.result();
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

    public byte[] bytes(String buffer) {
        return machine.memory().readBuffer(buffer, 0, -1);
    }

    public long nowNs() {
        return machine.nowPs() / Picoseconds.PER_NANOSECOND;
    }
}
