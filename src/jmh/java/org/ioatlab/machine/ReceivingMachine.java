package org.ioatlab.machine;

import java.util.List;
import java.util.Map;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.OpenFile;
import org.ioatlab.kernel.net.socket.UdpReceiveCall;
import org.ioatlab.kernel.net.socket.UdpSocket;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Verification;

/** A machine whose program receives what a remote host sends, for benchmarks: everything is checked byte by byte, and the profile is kept. */
final class ReceivingMachine {
    private static final long SLICE_PS = 10 * Picoseconds.PER_MILLISECOND;
    private static final int PORT = 5001;
    private static final String FASTER_PLATFORM = "what-if";

    final Machine machine;
    private final String nic = "eth0";

    private DatagramReader reader;

    /** Reads datagrams one after the other, as fast as its processor lets it. */
    private static final class DatagramReader extends Task {
        private final UdpReceiveCall call;
        private final UdpSocket socket;
        private final UserBuffer buffer = new UserBuffer(2048);
        private final PageAllocator pages;
        private boolean reading;
        private long datagrams;

        DatagramReader(SocketFace sockets, UdpSocket socket) {
            super("datagram reader", sockets.processors.get(0));
            this.socket = socket;
            pages = sockets.layer.memory().pages();
            call = new UdpReceiveCall(sockets.layer);
        }

        @Override
        protected Next resume() {
            if (!buffer.isBacked()) {
                buffer.back(pages, processor());
                return Next.CONTINUE;
            }
            if (!reading) {
                call.into().clear().add(buffer, 0, buffer.length());
                call.begin(socket, 0, processor());
                reading = true;
            }
            return switch (call.resume(this)) {
                case MORE -> Next.CONTINUE;
                case SLEEP -> Next.SLEEP;
                case SPIN -> Next.SPIN;
                case DONE -> {
                    datagrams++;
                    reading = false;
                    yield Next.CONTINUE;
                }
            };
        }
    }

    ReceivingMachine(Presets preset, int mbps, int memoryMib, int frequencyMhz) {
        MachineSpec s = frequencyMhz == 0 ? preset.spec() : preset.spec().withFrequencyMhz(frequencyMhz);
        NicSpec n = s.nic();
        NicSpec port = new NicSpec(
                n.ports(),
                mbps,
                n.mtu(),
                n.receiveQueues(),
                n.ringSize(),
                n.splitHeaders(),
                n.checksumOffload(),
                n.tso(),
                n.interruptsPerSecond());
        MachineSpec.Memory memory = new MachineSpec.Memory(memoryMib, Math.min(memoryMib * 3 / 4, 896));
        machine = new Machine(new MachineSpec(
                frequencyMhz == 0 ? s.platform() : FASTER_PLATFORM,
                s.seed(),
                s.cpus(),
                memory,
                port,
                s.dma(),
                s.kernel(),
                Map.of()));
        run(new ProcessCommand.Start(
                "sink", ProgramType.SINK, PORT, 87_380, List.of(), 128, 20_000, null, Verification.COMPARE, null));
    }

    /** TCP streams as fast as the window lets. */
    ReceivingMachine streams(int count, Verification verify) {
        start(TrafficType.TCP_STREAM, count, 1448, PORT, verify);
        return this;
    }

    /** Datagrams of 18 bytes, frames of 64, at the link's rate, read one by one. */
    ReceivingMachine datagrams() {
        run(new SocketCommand.Open(SocketCommand.Protocol.UDP, null, 53, null, null, null, Map.of(), 0, 0));
        for (OpenFile file : machine.sockets().layer.files()) {
            if (file instanceof UdpSocket socket) {
                reader = new DatagramReader(machine.sockets(), socket);
                reader.wake();
            }
        }
        start(TrafficType.UDP_STREAM, 1, 18, 53, Verification.NONE);
        return this;
    }

    private void start(TrafficType type, int streams, int payload, int port, Verification verify) {
        run(new TrafficCommand.Start(
                nic,
                type,
                streams,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                payload,
                0,
                port,
                false,
                1 << 20,
                65_536,
                0,
                0,
                1,
                0,
                0,
                0,
                0,
                0,
                0,
                1,
                KernelSpec.TcpPersona.LINUX_MODERN,
                verify));
    }

    <R> R run(Command<R> command) {
        Call<R> call = machine.apply(command);
        while (!call.isDone()) {
            machine.run(machine.nowPs() + SLICE_PS, Long.MAX_VALUE, false);
        }
        return call.result();
    }

    /** Lets virtual time go on by so many milliseconds. */
    void advance(int milliseconds) {
        long until = machine.nowPs() + milliseconds * Picoseconds.PER_MILLISECOND;
        while (machine.run(until, Long.MAX_VALUE, false) == EventLoop.Stop.REQUESTED) {
            // a call that returned stops the loop
        }
    }

    /** Packets of data that programs have read: segments of 1448 bytes, or datagrams. */
    long packets() {
        return reader == null ? machine.processes().process("sink").receivedBytes() / 1448 : reader.datagrams;
    }
}
