package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.dma.FaultType;
import org.ioatlab.kernel.dmaengine.DmaStatus;
import org.ioatlab.kernel.dmaengine.IoatChannel;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.SeededRandom;

/**
 * Users who do anything at any time on a machine of any shape, never waiting for each other, and a model of what the memory must hold:
 * each copy goes to a cell of its own, which must hold the source's bytes when the copy reads as done, and must never change once the
 * copy was refused, is done, or was dropped.
 */
final class RandomUsers {
    private static final int CELLS = 48;
    private static final int CELL_BYTES = 20_480;
    private static final int CELLS_PER_BUFFER = 6;
    private static final int MOST_EVENTS_BETWEEN = 40;

    final Machine machine;

    private final SeededRandom random;
    private final boolean registersToo;
    private final List<String> sources = new ArrayList<>();
    private final List<byte[]> sourceBytes = new ArrayList<>();
    private final List<String> targets = new ArrayList<>();
    private final Cell[] cells = new Cell[CELLS];
    private final List<Cell> busy = new ArrayList<>();
    private final List<Call<?>> calls = new ArrayList<>();
    private int completed;

    /** A part of a target buffer. */
    private static final class Cell {
        final int number;
        byte[] known = new byte[CELL_BYTES];
        byte[] expected = known;
        Call<DmaViews.Submitted> submit;
        IoatChannel channel;
        int generation;
        int cookie;
        boolean unsure;

        Cell(int number) {
            this.number = number;
        }

        int offset() {
            return number % CELLS_PER_BUFFER * CELL_BYTES;
        }
    }

    /** @param registersToo whether they also write the engine's registers; copies may then do anything */
    RandomUsers(long seed, boolean registersToo) {
        random = new SeededRandom(seed * 31 + (registersToo ? 1 : 0));
        this.registersToo = registersToo;
        machine = new Machine(spec(seed));
        for (int i = 0; i < 2; i++) {
            String id = allocate(CELL_BYTES, Content.Fill.RANDOM);
            sources.add(id);
            sourceBytes.add(machine.memory().readBuffer(id, 0, -1));
        }
        for (int i = 0; i < CELLS / CELLS_PER_BUFFER; i++) {
            targets.add(allocate(CELL_BYTES * CELLS_PER_BUFFER, Content.Fill.ZERO));
        }
        for (int i = 0; i < CELLS; i++) {
            cells[i] = new Cell(i);
        }
    }

    private MachineSpec spec(long seed) {
        MachineSpec usual = Presets.IOAT.spec();
        DmaSpec dma = new DmaSpec(
                true,
                1 + random.nextInt(4),
                4096 << random.nextInt(2),
                random.nextInt(4) > 0,
                random.nextInt(4) > 0 ? DmaSpec.Enumeration.BOOT : DmaSpec.Enumeration.DEFERRED,
                0);
        Personality personality = Personality.values()[random.nextInt(4)];
        MachineSpec changed = TestMachine.with(usual, dma, personality, usual.memory());
        return new MachineSpec(
                usual.platform(),
                seed,
                new MachineSpec.Cpus(1 + random.nextInt(2), 1, 1 + random.nextInt(2), 0),
                usual.memory(),
                usual.nic(),
                dma,
                changed.kernel(),
                Map.of());
    }

    private String allocate(int size, Content.Fill fill) {
        Call<MemoryViews.Buffer> call =
                machine.apply(new MemoryCommand.AllocateBuffer(size, new Content(fill, null), 0));
        while (!call.isDone()) {
            machine.run(EventLoop.HORIZON_PS, 100, true);
        }
        return call.result().id();
    }

    /** How many copies were seen done and right. */
    int completed() {
        return completed;
    }

    /** Does so many things, each some events after the one before; everything is checked after every event. */
    void act(int count) {
        for (int i = 0; i < count; i++) {
            act();
            for (int events = random.nextInt(MOST_EVENTS_BETWEEN); events > 0 && !machine.isIdle(); events--) {
                step();
            }
        }
    }

    /** Lets everything end, checks all of memory, and gives everything back. */
    void end() {
        settle();
        checkAllCells();
        for (DmaViews.Client client : machine.dma().clients()) {
            machine.apply(new DmaCommand.UnregisterClient(client.id(), 0));
        }
        settle();
        for (MemoryViews.Buffer buffer : machine.memory().buffers()) {
            machine.apply(new MemoryCommand.FreeBuffer(buffer.id(), 0));
        }
        for (MemoryViews.Page page : machine.memory().pages()) {
            machine.apply(new MemoryCommand.FreePage(page.page(), 0));
        }
        settle();
        for (Call<?> call : calls) {
            require(call.isDone(), "every call returns");
        }
        for (DmaViews.Channel channel : machine.dma().channels()) {
            require(channel.client() == null && channel.allocatedDescriptors() == 0, channel + " was given back");
        }
    }

    private void settle() {
        for (int events = 0; !machine.isIdle(); events++) {
            step();
            require(events < 200_000, "the machine comes to rest");
        }
    }

    private void step() {
        machine.run(EventLoop.HORIZON_PS, 1, true);
        checkOwners();
        checkProcessors();
        for (int i = busy.size(); i-- > 0; ) {
            check(busy.get(i));
        }
    }

    private void act() {
        int cpu = random.nextInt(
                machine.spec().cpus().sockets() * machine.spec().cpus().threadsPerCore());
        switch (random.nextInt(registersToo ? 34 : 30)) {
            case 0 -> apply(new DmaCommand.RegisterClient("c" + random.nextInt(5), cpu));
            case 1 -> apply(new DmaCommand.UnregisterClient("c" + random.nextInt(5), cpu));
            case 2, 3 -> apply(new DmaCommand.RequestChannels("c" + random.nextInt(5), random.nextInt(7), cpu));
            case 4, 5, 6, 7, 8, 9, 22, 23, 24, 25, 26, 27, 28, 29 -> copy(cpu);
            case 10 ->
                apply(new DmaCommand.WaitForCookie(
                        channel(), 1 + random.nextInt(30), random.nextInt(300) * 1_000_000L, cpu));
            case 11 -> apply(new DmaCommand.CompleteCookie(channel(), 1 + random.nextInt(30), cpu));
            case 12 -> apply(new DmaCommand.IssuePending(channel(), cpu));
            case 13, 14 ->
                apply(new DmaCommand.ControlChannel(channel(), DmaCommand.Control.values()[random.nextInt(4)], cpu));
            case 15 -> apply(new DmaCommand.ControlChannel(channel(), DmaCommand.Control.RESET, cpu));
            case 16 -> fault();
            case 17 -> apply(new PciCommand.Enumerate(cpu));
            case 18 -> engine(cpu);
            case 19 -> scratch(cpu);
            case 20 -> freeATarget(cpu);
            case 21 -> apply(new DmaCommand.SelfTest(null, 1 + random.nextInt(9000), 2, 1, 2, 2, cpu));
            default -> register(cpu);
        }
    }

    private <R> Call<R> apply(Command<R> command) {
        try {
            Call<R> call = machine.apply(command);
            calls.add(call);
            return call;
        } catch (Refusal refused) {
            return null;
        }
    }

    /** Mostly one that somebody owns, sometimes any, sometimes none that exists. */
    private String channel() {
        List<DmaViews.Channel> owned = machine.dma().channels().stream()
                .filter(channel -> random.nextInt(8) == 0
                        || (channel.client() != null && !channel.status().equals("HALTED")))
                .toList();
        if (!owned.isEmpty() && random.nextInt(16) > 0) {
            return owned.get(random.nextInt(owned.size())).id();
        }
        return "dma" + random.nextInt(3) + "chan" + random.nextInt(4);
    }

    private void copy(int cpu) {
        Cell cell = cells[random.nextInt(CELLS)];
        if (busy.contains(cell)) {
            return;
        }
        int source = random.nextInt(2);
        int length = 1 + random.nextInt(random.nextInt(4) == 0 ? CELL_BYTES : 600);
        int from = random.nextInt(CELL_BYTES - length + 1);
        int to = random.nextInt(CELL_BYTES - length + 1);
        DmaCommand.Copy copy = new DmaCommand.Copy(
                TestMachine.inBuffer(targets.get(cell.number / CELLS_PER_BUFFER), cell.offset() + to),
                TestMachine.inBuffer(sources.get(source), from),
                length);
        String channel = channel();
        String client = random.nextInt(3) == 0 ? "c" + random.nextInt(5) : null;
        Call<DmaViews.Submitted> call =
                apply(new DmaCommand.SubmitCopies(channel, client, List.of(copy), random.nextInt(4) == 0, cpu));
        if (call != null) {
            cell.submit = call;
            cell.channel = machine.dma().find(channel);
            cell.generation = cell.channel.generation();
            cell.cookie = 0;
            cell.expected = cell.known.clone();
            System.arraycopy(sourceBytes.get(source), from, cell.expected, to, length);
            busy.add(cell);
        }
    }

    private void fault() {
        FaultType type = FaultType.values()[random.nextInt(FaultType.values().length)];
        if (type != FaultType.SILENT_CORRUPTION || registersToo) {
            apply(new DmaCommand.InjectFault(channel(), type, random.nextInt(8)));
        }
    }

    private void engine(int cpu) {
        List<PciViews.Device> engines = machine.pci().devices().stream()
                .filter(device -> device.classCode().equals("0880"))
                .toList();
        if (engines.size() < 3 && random.nextInt(2) == 0) {
            apply(new PciCommand.AddEngine(1 + random.nextInt(4), cpu));
        } else if (!engines.isEmpty() && random.nextInt(2) == 0) {
            apply(new PciCommand.Remove(
                    engines.get(random.nextInt(engines.size())).address(), cpu));
        }
    }

    private void scratch(int cpu) {
        if (random.nextInt(2) == 0) {
            apply(new MemoryCommand.AllocateBuffer(
                    1 + random.nextInt(10_000), new Content(Content.Fill.ZERO, null), cpu));
            apply(new MemoryCommand.AllocatePages(
                    1 + random.nextInt(3),
                    random.nextInt(2) == 0 ? ZoneKind.LOW : ZoneKind.HIGH,
                    new Content(Content.Fill.ZERO, null),
                    cpu));
        } else {
            String id = "b" + (11 + random.nextInt(40));
            apply(new MemoryCommand.FreeBuffer(id, cpu));
        }
    }

    /** Memory that a copy under way names can't be given back. */
    private void freeATarget(int cpu) {
        for (Cell cell : busy) {
            boolean underWay = cell.cookie == 0 || cell.channel.peek(cell.cookie) != DmaStatus.DMA_SUCCESS;
            if (underWay && cell.channel.generation() == cell.generation && !cell.submit.isDone()) {
                String target = targets.get(cell.number / CELLS_PER_BUFFER);
                require(apply(new MemoryCommand.FreeBuffer(target, cpu)) == null, target + " must be kept");
            }
        }
    }

    private void register(int cpu) {
        List<DmaViews.Registers> engines = machine.dma().registers();
        if (engines.isEmpty()) {
            return;
        }
        List<DmaViews.Register> registers =
                engines.get(random.nextInt(engines.size())).registers();
        DmaViews.Register register = registers.get(random.nextInt(registers.size()));
        if (random.nextInt(4) == 0) {
            apply(new DmaCommand.ReadRegister(register.name(), cpu));
            return;
        }
        long value = switch (random.nextInt(4)) {
            case 0 -> 1L << random.nextInt(8);
            case 1 -> random.nextInt(128 << 20) & ~63;
            case 2 -> random.nextLong();
            default -> random.nextInt(256);
        };
        long mask = register.bytes() == 8 ? -1 : (1L << (register.bytes() * 8)) - 1;
        apply(new DmaCommand.WriteRegister(register.name(), value & mask, cpu));
    }

    private void check(Cell cell) {
        if (cell.unsure) {
            return;
        }
        if (cell.cookie == 0) {
            if (cell.submit.isDone()) {
                submitted(cell);
            }
            return;
        }
        if (cell.channel.generation() != cell.generation) {
            rest(cell, bytes(cell));
        } else if (cell.channel.peek(cell.cookie) == DmaStatus.DMA_SUCCESS) {
            done(cell);
        }
    }

    private void submitted(Cell cell) {
        try {
            DmaViews.Copy copy = cell.submit.result().copies().getFirst();
            if (copy.cookie() == null) {
                done(cell);
            } else if (cell.channel.generation() == cell.generation) {
                cell.cookie = copy.cookie();
                check(cell);
            } else {
                // a reset came just before or just after it: nobody can tell, and the cell is not used again
                cell.cookie = copy.cookie();
                cell.unsure = true;
            }
        } catch (Refusal refused) {
            rest(cell, cell.known);
        }
    }

    private void done(Cell cell) {
        if (!registersToo) {
            requireBytes(cell, cell.expected, "done");
            completed++;
        }
        rest(cell, bytes(cell));
    }

    /** From now on these bytes must stay. */
    private void rest(Cell cell, byte[] known) {
        cell.known = known;
        busy.remove(cell);
    }

    private void checkAllCells() {
        for (Cell cell : cells) {
            if (!busy.contains(cell) && !registersToo) {
                requireBytes(cell, cell.known, "at rest");
            }
        }
    }

    private void requireBytes(Cell cell, byte[] expected, String when) {
        int wrong = Arrays.mismatch(bytes(cell), expected);
        require(wrong < 0, "cell " + cell.number + " " + when + ", cookie " + cell.cookie + ": byte " + wrong);
    }

    private byte[] bytes(Cell cell) {
        return machine.memory().readBuffer(targets.get(cell.number / CELLS_PER_BUFFER), cell.offset(), CELL_BYTES);
    }

    private void checkOwners() {
        List<DmaViews.Client> clients = machine.dma().clients();
        int owned = 0;
        for (DmaViews.Client client : clients) {
            owned += client.channels().size();
            require(client.channels().size() + client.pending() == client.desired(), client + " counts");
            for (String channel : client.channels()) {
                require(client.id().equals(machine.dma().channel(channel).client()), client + " owns " + channel);
            }
        }
        int taken = 0;
        for (DmaViews.Channel view : machine.dma().channels()) {
            taken += view.client() == null || view.client().equals("dmatest") ? 0 : 1;
            checkChannel(machine.dma().find(view.id()), view);
        }
        require(owned == taken, "each channel has one owner at most: " + owned + " " + taken);
    }

    private static void checkChannel(IoatChannel channel, DmaViews.Channel view) {
        int held = channel.usedDescriptors() + channel.freeDescriptors();
        require(held <= channel.allocatedDescriptors(), view + " has descriptors twice");
        require(channel.allocatedDescriptors() - held <= 64, view + " has lost descriptors");
        require(channel.lastCompletedCookie() <= channel.lastUsedCookie(), view + " cookies");
    }

    private void checkProcessors() {
        long now = machine.nowPs();
        for (int i = 0; i < machine.dma().processors.count(); i++) {
            var cpu = machine.dma().processors.get(i).cpu();
            require(
                    cpu.busyCyclesAt(now) <= cpu.frequency().cyclesAtOrAfter(now),
                    "cpu " + i + " busy longer than it is on");
        }
    }

    /** No two things that users hold overlap. */
    void checkMemory() {
        long end = 0;
        List<MemoryViews.Buffer> buffers = new ArrayList<>(machine.memory().buffers());
        buffers.sort(Comparator.comparing(MemoryViews.Buffer::address));
        for (MemoryViews.Buffer buffer : buffers) {
            long address = Long.parseLong(buffer.address().substring(2), 16);
            require(address >= end, buffer.id() + " overlaps the one before");
            end = address + buffer.size();
            for (MemoryViews.Page page : machine.memory().pages()) {
                long at = page.address() == null
                        ? 0
                        : Long.parseLong(page.address().substring(2), 16);
                require(at + 4096 <= address || at >= end, buffer.id() + " overlaps " + page.page());
            }
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
