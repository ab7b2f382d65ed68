package org.ioatlab.app;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.ioatlab.lab.Advance;
import org.ioatlab.lab.ClockSetting;
import org.ioatlab.lab.ClockState;
import org.ioatlab.lab.Fleet;
import org.ioatlab.lab.MachineCreation;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.CommandForms;
import org.ioatlab.machine.Content;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.KernelSpec;
import org.ioatlab.machine.MemoryCommand;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.ObservationCommand;
import org.ioatlab.machine.PciCommand;
import org.ioatlab.machine.Presets;
import org.ioatlab.machine.ProcessCommand;
import org.ioatlab.machine.SocketCommand;
import org.ioatlab.machine.TrafficCommand;
import org.ioatlab.rest.journal.JournalWriter;
import org.ioatlab.rest.openapi.DemoNames;
import org.ioatlab.rest.operations.Operations;
import org.ioatlab.rest.operations.Work;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * The machines that the documentation's examples use: {@code demo}, paused, with something of everything in it, and {@code scratch}, which
 * the example of deleting takes away. Both are ordinary machines.
 */
@Singleton
public class DemoMachines {
    private static final int SIZE = 10_000;
    private static final long SECOND_PS = 1_000_000_000_000L;
    private static final String CLIENT = "demo-client";
    private static final String CHANNEL = "dma0chan0";
    private static final String NIC = "eth0";

    private final Fleet fleet;
    private final Operations operations;
    private final DemoNames names;
    private final JournalWriter journals;

    DemoMachines(Fleet fleet, Operations operations, DemoNames names, JournalWriter journals) {
        this.fleet = fleet;
        this.operations = operations;
        this.names = names;
        this.journals = journals;
    }

    void provision(
            @Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent start,
            LabConfiguration configuration) {
        if (configuration.demo()) {
            MachineHandle scratch = create("scratch");
            names.put("journal", journals.text(scratch.journal().join()));
            MachineHandle demo = create("demo");
            fillMemory(demo);
            useDma(demo);
            receive(demo);
            openSockets(demo);
            connect(demo);
            keepOperations(demo);
        }
    }

    private MachineHandle create(String name) {
        MachineCreation creation = new MachineCreation(
                name,
                Map.of("kept", "yes"),
                Presets.IOAT.label(),
                Presets.IOAT.spec(),
                new ClockSetting(ClockState.PAUSED, ClockSetting.REAL_TIME));
        return fleet.create(creation, true).join().machine();
    }

    /** Buffers b1 and b2 to copy between, b3 and one page to free, one page to keep. */
    private void fillMemory(MachineHandle demo) {
        run(demo, new ObservationCommand.SetTimeline(true));
        run(demo, new MemoryCommand.AllocateBuffer(SIZE, new Content(Content.Fill.INCREMENTING, null), 0));
        run(demo, new MemoryCommand.AllocateBuffer(SIZE, new Content(Content.Fill.ZERO, null), 0));
        run(demo, new MemoryCommand.AllocateBuffer(SIZE, new Content(Content.Fill.ZERO, null), 0));
        Content random = new Content(Content.Fill.RANDOM, null);
        var pages = run(demo, CommandForms.allocatePages(2, "LOW", random, 0)).pages();
        names.put("page", pages.get(0).page());
        names.put("sparePage", pages.get(1).page());
    }

    /** A client with two channels and one finished copy, a client to unregister, a fault to take back, an engine to pull out. */
    private void useDma(MachineHandle demo) {
        run(demo, new DmaCommand.RegisterClient(CLIENT, 0));
        run(demo, new DmaCommand.RegisterClient("spare-client", 0));
        run(demo, new DmaCommand.RequestChannels(CLIENT, 2, 0));
        DmaCommand.Copy copy =
                new DmaCommand.Copy(new DmaCommand.Place("b2", null, 0), new DmaCommand.Place("b1", null, 0), SIZE);
        run(demo, new DmaCommand.SubmitCopies(CHANNEL, CLIENT, List.of(copy), false, 0));
        run(demo, new DmaCommand.WaitForCookie(CHANNEL, 1, SECOND_PS, 0));
        run(demo, CommandForms.injectFault("dma0chan1", "HALT", 1000));
        names.put(
                "spareFault",
                run(demo, CommandForms.injectFault("dma0chan1", "HALT", 2000)).id());
        names.put("spareDevice", run(demo, new PciCommand.AddEngine(2, 0)).address());
    }

    /** Three received packets that the tap holds, and their capture. */
    private void receive(MachineHandle demo) {
        run(demo, new NicCommand.SetTap(NIC, 100));
        run(demo, CommandForms.setCapture(NIC, true, null, null, "RX"));
        run(demo, frames());
        demo.advance(new Advance.UntilIdle(SECOND_PS), null).join();
    }

    /** Two streams of remote hosts to the listening socket, which accepts one of them. */
    private void connect(MachineHandle demo) {
        for (int i = 0; i < 2; i++) {
            run(demo, stream());
        }
        demo.advance(new Advance.UntilIdle(SECOND_PS), null).join();
        String connected =
                run(demo, new SocketCommand.Accept("s1", SECOND_PS, 0)).id();
        names.put("connected", connected == null ? "" : connected);
    }

    private static TrafficCommand.Start stream() {
        long unlimited = Long.MAX_VALUE;
        return CommandForms.startTraffic(
                NIC,
                "TCP_STREAM",
                1,
                SIZE,
                unlimited,
                1,
                0,
                5001,
                false,
                1 << 20,
                SIZE,
                1,
                1,
                1,
                0,
                0,
                0,
                0,
                0,
                0,
                1,
                KernelSpec.TcpPersona.LINUX_MODERN,
                "SHA256");
    }

    /** A listening socket, a UDP socket to use, one to shut down and one to close; a program to look at and one to end. */
    private void openSockets(MachineHandle demo) {
        run(demo, socket(SocketCommand.Protocol.TCP, 5001, null));
        for (int port = 7001; port <= 7003; port++) {
            run(demo, socket(SocketCommand.Protocol.UDP, port, "10.0.0.2"));
        }
        run(demo, sink("demo-sink", 5010));
        run(demo, sink("spare-sink", 5011));
    }

    private static SocketCommand.Open socket(SocketCommand.Protocol protocol, int port, @Nullable String connectTo) {
        Integer connectPort = connectTo == null ? null : port;
        return new SocketCommand.Open(protocol, null, port, null, connectTo, connectPort, Map.of(), SECOND_PS, 0);
    }

    private static ProcessCommand.Start sink(String name, int port) {
        return CommandForms.startProcess(name, "SINK", port, 87_380, List.of(), 128, 100, null, "SHA256", null, null);
    }

    /** One finished operation to look at and one to forget. */
    private void keepOperations(MachineHandle demo) {
        CompletableFuture<RestResponse<Object>> answer =
                demo.advance(new Advance.By(0), null).thenApply(result -> RestResponse.ok((Object) result));
        answer.join();
        for (String placeholder : List.of("operation", "spareOperation")) {
            String id = operations.remember(new Work<>("advance", demo, answer, null));
            names.put(placeholder, id == null ? "" : id);
        }
    }

    private static NicCommand.InjectFrames frames() {
        List<byte[]> frames = read();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames.forEach(all::writeBytes);
        int[] lengths = frames.stream().mapToInt(frame -> frame.length).toArray();
        return new NicCommand.InjectFrames(NIC, all.toByteArray(), lengths, new long[lengths.length], false);
    }

    private static List<byte[]> read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(DemoMachines.class.getResourceAsStream("/demo/frames.txt")),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(HexFormat.of()::parseHex)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <R> R run(MachineHandle machine, Command<R> command) {
        return machine.execute(command).join();
    }
}
