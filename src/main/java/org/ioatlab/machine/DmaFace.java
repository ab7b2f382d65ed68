package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.dma.EngineRegisters;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.hardware.dma.InjectedFault;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.dmaengine.CpuCopy;
import org.ioatlab.kernel.dmaengine.DmaChannel;
import org.ioatlab.kernel.dmaengine.DmaClient;
import org.ioatlab.kernel.dmaengine.DmaStatus;
import org.ioatlab.kernel.dmaengine.DmaSubsystem;
import org.ioatlab.kernel.dmaengine.Errno;
import org.ioatlab.kernel.dmaengine.IoatChannel;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.net.offload.NetDma;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** The DMA subsystem and the copy engines as users of a machine see them. */
public final class DmaFace {
    /** The most copies in one call. */
    public static final int MOST_COPIES = 1024;

    /** The most clients of one machine. */
    public static final int MOST_CLIENTS = 1000;

    /** The most faults that wait on one channel. */
    public static final int MOST_FAULTS = 100;

    /** The most copies of each thread of one dmatest. */
    public static final int MOST_TEST_ITERATIONS = 1_000_000;

    /** The most threads of one dmatest on each channel. */
    public static final int MOST_TEST_THREADS = 16;

    final DmaSubsystem subsystem;
    final Processors processors;
    final KernelMemory memory;
    final CopyPlaces places;
    final CpuCopy cpuCopy;
    final Platform platform;

    /** How waiting works: by an interrupt that the driver arms, or by looking again and again. */
    final boolean sleepsForCompletion;

    private final Map<String, ClientLog> clients = new LinkedHashMap<>();
    private final EngineRegisterView registers;
    private final List<SubmitCall> submitting = new ArrayList<>();
    private final SeededRandom random;
    private int lastClient;

    DmaFace(
            DmaSubsystem subsystem,
            Processors processors,
            KernelMemory memory,
            CopyPlaces places,
            EngineRegisterView registers,
            Platform platform,
            MachineSpec spec) {
        this.subsystem = subsystem;
        this.processors = processors;
        this.memory = memory;
        this.places = places;
        this.registers = registers;
        this.platform = platform;
        cpuCopy = new CpuCopy(memory);
        sleepsForCompletion =
                spec.dma().interrupts() && spec.kernel().personality().waitsAsleep();
        random = SeededRandom.forPart(spec.seed(), "dmatest");
    }

    Call<?> apply(DmaCommand<?> command) {
        return switch (command) {
            case DmaCommand.InjectFault c -> Call.of(inject(c));
            case DmaCommand.RemoveFault c -> Call.of(remove(c));
            case DmaCommand.SubmitCopies c -> submit(c);
            case DmaCommand.WaitForCookie c -> {
                Ranges.require("timeout", c.timeoutPs(), 0, Long.MAX_VALUE);
                requireIssued(c.channel(), c.cookie());
                yield new WaitCall(this, c, find(c.channel()), processor(c.cpu())).start();
            }
            case DmaCommand.SelfTest c -> selfTest(c);
            case DmaCommand.ReadRegister c -> {
                registers.find(c.register());
                yield new DmaCall(this, c, processor(c.cpu())).start();
            }
            case DmaCommand.WriteRegister c -> {
                registers.requireWritable(c.register(), c.value());
                yield new DmaCall(this, c, processor(c.cpu())).start();
            }
            case DmaCommand.RegisterClient c -> {
                requireNewClient(c.name());
                yield new DmaCall(this, c, processor(c.cpu())).start();
            }
            case DmaCommand.UnregisterClient c -> {
                findClient(c.client());
                yield new DmaCall(this, c, processor(c.cpu())).start();
            }
            case DmaCommand.RequestChannels c -> {
                Ranges.require("number", c.number(), 0, Integer.MAX_VALUE);
                findClient(c.client());
                yield new DmaCall(this, c, processor(c.cpu())).start();
            }
            case DmaCommand.CompleteCookie c -> {
                requireIssued(c.channel(), c.cookie());
                yield new DmaCall(this, c, processor(c.cpu())).start();
            }
            case DmaCommand.IssuePending c -> {
                findOwned(c.channel());
                yield new DmaCall(this, c, processor(c.cpu())).start();
            }
            case DmaCommand.ControlChannel c -> {
                findOwned(c.channel());
                yield new DmaCall(this, c, processor(c.cpu())).start();
            }
        };
    }

    /** All clients, in the order of their registration. */
    public List<DmaViews.Client> clients() {
        return clients.values().stream().map(ClientLog::view).toList();
    }

    /** One client. */
    public DmaViews.Client client(String id) {
        return findClient(id).view();
    }

    /** A client's events with sequence numbers above {@code after}, at most {@code most}, oldest first. */
    public List<DmaViews.Event> events(String client, long after, int most) {
        return findClient(client).events(after, most);
    }

    /** All channels, in the order in which they are handed out. */
    public List<DmaViews.Channel> channels() {
        return subsystem.channels().stream()
                .map(channel -> view((IoatChannel) channel))
                .toList();
    }

    /** One channel. */
    public DmaViews.Channel channel(String id) {
        return view(find(id));
    }

    /** A look at a cookie from outside: compared with the completion word in memory, without cleanup. */
    public DmaViews.Cookie cookie(String channel, int cookie) {
        requireIssued(channel, cookie);
        IoatChannel found = find(channel);
        return cookieView(found, cookie, found.peek(cookie), null, null, null);
    }

    /** Faults injected into a channel, oldest first. */
    public List<DmaViews.Fault> faults(String channel) {
        return find(channel).hardware().faults().stream().map(DmaFace::view).toList();
    }

    /** The registers of all engines, without side effects. */
    public List<DmaViews.Registers> registers() {
        return registers.all();
    }

    void hashInto(StateHash hash) {
        subsystem.hashInto(hash);
        random.hashInto(hash);
        hash.put(lastClient);
    }

    /** Whether an engine may still touch any of these bytes. */
    boolean names(long address, int length) {
        for (DmaChannel channel : subsystem.channels()) {
            if (((IoatChannel) channel).names(address, length)) {
                return true;
            }
        }
        for (SubmitCall call : submitting) {
            if (call.names(address, length)) {
                return true;
            }
        }
        return false;
    }

    void ended(SubmitCall call) {
        submitting.remove(call);
    }

    IoatChannel find(String id) {
        DmaChannel channel = subsystem.channel(id);
        if (channel == null) {
            throw Refusal.unknown("channel", id);
        }
        return (IoatChannel) channel;
    }

    /** The same, which some client must own. */
    IoatChannel findOwned(String id) {
        IoatChannel channel = find(id);
        if (channel.client() == null) {
            throw notReady(channel, null);
        }
        return channel;
    }

    ClientLog findClient(String id) {
        ClientLog client = clients.get(id);
        if (client == null) {
            throw Refusal.unknown("client", id);
        }
        return client;
    }

    ClientLog register(@Nullable String name, Processor on) {
        requireNewClient(name);
        String id = name == null ? generatedName() : name;
        ClientLog log = new ClientLog(id, processors.loop());
        log.attach(subsystem.register(id, log, on));
        clients.put(id, log);
        return log;
    }

    void forget(ClientLog client) {
        clients.remove(client.id());
    }

    SeededRandom nextTestRandom() {
        return new SeededRandom(random.nextLong());
    }

    EngineRegisterView registerView() {
        return registers;
    }

    DmaViews.Cookie cookieView(
            IoatChannel channel,
            int cookie,
            DmaStatus status,
            @Nullable Long waitedNs,
            @Nullable Boolean timedOut,
            @Nullable Long cycles) {
        return new DmaViews.Cookie(
                cookie,
                status.name(),
                channel.lastCompletedCookie(),
                channel.lastUsedCookie(),
                waitedNs,
                timedOut,
                cycles,
                Picoseconds.toNanoseconds(processors.loop().nowPs()));
    }

    DmaViews.Channel view(IoatChannel channel) {
        DmaClient owner = channel.client();
        return new DmaViews.Channel(
                channel.name(),
                channel.engine().address(),
                owner == null ? null : owner.name(),
                statusName(channel.hardware().status()),
                errorNames(channel.hardware().errors()),
                channel.lastUsedCookie(),
                channel.lastCompletedCookie(),
                channel.memcpyCount(),
                channel.bytesTransferred(),
                channel.usedDescriptors(),
                channel.pendingDescriptors(),
                channel.allocatedDescriptors());
    }

    /** Refuses what a channel can't take now. */
    static Refusal notReady(IoatChannel channel, @Nullable String client) {
        DmaClient owner = channel.client();
        if (channel.isGone()) {
            return Refusal.conflict("channel-removed", "The engine of " + channel.name() + " was removed.")
                    .with("errno", Errno.ENODEV.returned());
        }
        if (owner == null) {
            return Refusal.conflict(
                            "channel-not-owned", "No client owns " + channel.name() + "; request channels first.")
                    .with("state", "FREE");
        }
        if (client != null && !owner.name().equals(client)) {
            return Refusal.conflict(
                            "channel-of-another-client", channel.name() + " belongs to client " + owner.name() + ".")
                    .with("state", "OWNED");
        }
        if (channel.isHalted()) {
            return Refusal.conflict("channel-halted", channel.name() + " has halted; reset it first.")
                    .with("state", "HALTED")
                    .with("errno", Errno.EIO.returned())
                    .with("error", errorNames(channel.hardware().errors()));
        }
        return Refusal.conflict("channel-suspended", channel.name() + " is suspended; resume it first.")
                .with("state", "SUSPENDED");
    }

    /** Whether a copy for {@code client} (any client when null) can be submitted. */
    static boolean isReady(IoatChannel channel, @Nullable String client) {
        DmaClient owner = channel.client();
        return owner != null
                && (client == null || owner.name().equals(client))
                && !channel.isGone()
                && !channel.isHalted()
                && !channel.isSuspended();
    }

    static List<String> errorNames(int bits) {
        List<String> names = new ArrayList<>();
        for (FaultType type : FaultType.values()) {
            if ((bits & type.mask()) != 0) {
                names.add(type.name());
            }
        }
        return names;
    }

    static String statusName(int status) {
        return switch (status) {
            case EngineRegisters.STATUS_ACTIVE -> "ACTIVE";
            case EngineRegisters.STATUS_IDLE -> "IDLE";
            case EngineRegisters.STATUS_SUSPENDED -> "SUSPENDED";
            default -> "HALTED";
        };
    }

    private Call<DmaViews.Submitted> submit(DmaCommand.SubmitCopies command) {
        Ranges.require("copies", command.copies().size(), 1, MOST_COPIES);
        List<ResolvedCopy> copies = new ArrayList<>();
        for (DmaCommand.Copy copy : command.copies()) {
            copies.add(places.resolve(copy));
        }
        IoatChannel channel = channelFor(command);
        boolean ready = channel != null && isReady(channel, command.client());
        if (!ready && !command.fallbackToCpu()) {
            throw channel == null
                    ? Refusal.conflict("no-channel", "Client " + command.client() + " has no channel.")
                            .with("state", "PENDING")
                    : notReady(channel, command.client());
        }
        SubmitCall call = new SubmitCall(this, command, ready ? channel : null, copies, processor(command.cpu()));
        submitting.add(call);
        return call.start();
    }

    private @Nullable IoatChannel channelFor(DmaCommand.SubmitCopies command) {
        if (command.client() != null) {
            findClient(command.client());
        }
        if (command.channel() != null) {
            return find(command.channel());
        }
        if (command.client() == null) {
            throw Refusal.meaningless("no-channel-named", "A copy names a channel or a client.");
        }
        List<DmaChannel> owned = findClient(command.client()).client().channels();
        return owned.isEmpty() ? null : (IoatChannel) owned.getFirst();
    }

    private Call<DmaViews.SelfTestResult> selfTest(DmaCommand.SelfTest command) {
        Ranges.require("testBufSize", command.testBufSize(), 1, KernelMemory.LARGEST_BYTES);
        Ranges.require("iterations", command.iterations(), 1, MOST_TEST_ITERATIONS);
        Ranges.require("timeout", command.timeoutMs(), -1, Integer.MAX_VALUE);
        Ranges.require("threadsPerChan", command.threadsPerChan(), 1, MOST_TEST_THREADS);
        Ranges.require("maxChannels", command.maxChannels(), 0, Integer.MAX_VALUE);
        if (command.channel() != null) {
            IoatChannel channel = find(command.channel());
            DmaClient owner = channel.client();
            if (owner != null) {
                throw Refusal.conflict(
                                "channel-in-use",
                                channel.name() + " belongs to client " + owner.name() + "; dmatest needs a free one.")
                        .with("state", "OWNED");
            }
        } else if (subsystem.channels().stream().noneMatch(subsystem::isClaimable)) {
            throw Refusal.conflict("no-channel", "No channel is free for dmatest.")
                    .with("state", "OWNED");
        }
        return new SelfTestCall(this, command, processor(command.cpu())).start();
    }

    private DmaViews.Fault inject(DmaCommand.InjectFault command) {
        Ranges.require("afterDescriptors", command.afterDescriptors(), 0, Integer.MAX_VALUE);
        IoatChannel channel = find(command.channel());
        if (channel.hardware().faults().size() >= MOST_FAULTS) {
            throw new Refusal(
                    Refusal.Kind.LIMIT,
                    "too-many-faults",
                    "A channel holds at most " + MOST_FAULTS + " injected faults.");
        }
        return view(channel.hardware().inject(command.type(), command.afterDescriptors()));
    }

    private Done remove(DmaCommand.RemoveFault command) {
        IoatChannel channel = find(command.channel());
        for (InjectedFault fault : channel.hardware().faults()) {
            if (faultId(fault).equals(command.fault())) {
                channel.hardware().removeFault(fault);
                return Machine.done(processors.loop());
            }
        }
        throw Refusal.unknown("fault", command.fault());
    }

    void requireIssued(String channel, int cookie) {
        IoatChannel found = find(channel);
        if (!found.isIssued(cookie)) {
            throw Refusal.unknown("cookie", cookie).with("lastUsedCookie", found.lastUsedCookie());
        }
    }

    private void requireNewClient(@Nullable String name) {
        if (name != null && (clients.containsKey(name) || name.equals(NetDma.CLIENT))) {
            throw Refusal.conflict("client-exists", "There is a client " + name + " already.");
        }
        if (clients.size() >= MOST_CLIENTS) {
            throw new Refusal(
                    Refusal.Kind.LIMIT, "too-many-clients", "A machine has at most " + MOST_CLIENTS + " DMA clients.");
        }
    }

    private String generatedName() {
        String name = "client" + ++lastClient;
        while (clients.containsKey(name)) {
            name = "client" + ++lastClient;
        }
        return name;
    }

    private Processor processor(int cpu) {
        return Machine.processor(processors, cpu);
    }

    private static DmaViews.Fault view(InjectedFault fault) {
        boolean struck = fault.struckAtPs() >= 0;
        return new DmaViews.Fault(
                faultId(fault),
                fault.type().name(),
                fault.afterDescriptors(),
                struck,
                struck ? Picoseconds.toNanoseconds(fault.struckAtPs()) : null);
    }

    private static String faultId(InjectedFault fault) {
        return "f" + fault.number();
    }
}
