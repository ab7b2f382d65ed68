package org.ioatlab.kernel.net.tcp;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.sched.DirectTimers;
import org.ioatlab.kernel.sched.TimerService;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;

/** Two hosts with nothing but TCP, joined by a path that delays, loses, doubles and reorders segments. */
final class TcpWorld {
    static final int MTU = 1500;

    final EventLoop loop = new EventLoop();
    final SeededRandom random;
    final Host left;
    final Host right;
    long delayPs = Picoseconds.PER_MILLISECOND;
    int lossPerMille;
    int doublePerMille;
    int reorderPerMille;
    int segmentsOut;

    TcpWorld(long seed, Persona leftPersona, Persona rightPersona) {
        random = new SeededRandom(seed);
        left = new Host("10.0.0.1", leftPersona);
        right = new Host("10.0.0.2", rightPersona);
        left.peer = right;
        right.peer = left;
    }

    /** A segment that owns its bytes. */
    static final class Packet extends Segment {
        byte[] bytes = {};
        int length;
        boolean owned;

        @Override
        public int truesize() {
            return payloadLength() + 256;
        }
    }

    /** The byte at a place of every stream. */
    static byte at(long offset) {
        return (byte) (offset * 31 + (offset >> 8) * 7 + 5);
    }

    final class Host implements TcpHost, Work {
        final IpAddress address;
        final TcpLayer tcp;
        final TimerService timers = new DirectTimers(loop);
        final List<Packet> pool = new ArrayList<>();
        Host peer = this;
        int outside;

        Host(String address, Persona persona) {
            this.address = IpAddress.parse(address);
            tcp = new TcpLayer(this, persona, TcpCosts.FREE);
        }

        @Override
        public void spend(Symbol symbol, long cycles) {}

        @Override
        public void spend(CostList costs) {}

        @Override
        public long nowPs() {
            return loop.nowPs();
        }

        @Override
        public boolean output(OutgoingSegment segment, Work on) {
            segmentsOut++;
            byte[] bytes = new byte[segment.headerLength() + segment.payloadLength()];
            segment.writeHeader(bytes, 0);
            for (int i = 0; i < segment.payloadLength(); i++) {
                bytes[segment.headerLength() + i] = at(segment.payloadOffset() + i);
            }
            send(bytes);
            return true;
        }

        private void send(byte[] bytes) {
            if (random.nextInt(1000) < lossPerMille) {
                return;
            }
            int copies = random.nextInt(1000) < doublePerMille ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                long late = random.nextInt(1000) < reorderPerMille ? random.nextInt(5_000) * 1_000_000L : 0;
                loop.scheduleAfter(new Arrival(peer, bytes), delayPs + late);
            }
        }

        void arrive(byte[] bytes) {
            Packet packet = pool.isEmpty() ? new Packet() : pool.removeLast();
            packet.bytes = bytes;
            packet.owned = true;
            outside++;
            packet.setAddresses(true, 0, peer.address.low(), 0, address.low());
            if (!packet.decode(bytes, 0, bytes.length, bytes.length)) {
                throw new AssertionError("a segment with an impossible header was sent");
            }
            tcp.receive(packet, this);
        }

        @Override
        public void free(Segment segment, Work on) {
            Packet packet = (Packet) segment;
            if (!packet.owned) {
                throw new AssertionError("freed twice");
            }
            packet.owned = false;
            outside--;
            pool.add(packet);
        }

        @Override
        public int payloadByte(Segment segment, int index) {
            return ((Packet) segment).bytes[segment.headerLength() + index] & 0xff;
        }

        @Override
        public int mtu(Endpoint endpoint) {
            return MTU;
        }

        @Override
        public boolean cutsSegments(Endpoint endpoint) {
            return false;
        }

        @Override
        public TimerService timers() {
            return timers;
        }

        @Override
        public int randomBits() {
            return (int) random.nextLong();
        }
    }

    private static final class Arrival extends Event {
        private final Host host;
        private final byte[] bytes;

        Arrival(Host host, byte[] bytes) {
            this.host = host;
            this.bytes = bytes;
        }

        @Override
        protected void fire() {
            host.arrive(bytes);
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("arrival");
        }
    }

    /** Writes a stream of a given length with a limited buffer, and reads the other direction to its end. */
    final class App implements TcpUser {
        final Host host;
        final long toSend;
        final int buffer;
        final boolean direct;
        long wrote;
        long read;
        boolean closed;
        boolean done;
        boolean slow;
        boolean paused;
        int error;
        private TcpConnection waiting;
        private final Reading reading = new Reading();

        /** A slow reader's next turn. */
        private final class Reading extends Event {
            @Override
            protected void fire() {
                paused = false;
                drain(waiting);
                paused = true;
            }

            @Override
            protected void hashInto(StateHash hash) {
                hash.put("reading");
            }
        }

        App(Host host, long toSend, int buffer, boolean direct) {
            this.host = host;
            this.toSend = toSend;
            this.buffer = buffer;
            this.direct = direct;
        }

        void pump(TcpConnection connection) {
            if (!connection.state().sendsData()) {
                return;
            }
            while (wrote < toSend && connection.unacknowledged() < buffer) {
                int chunk = (int) Math.min(
                        Math.min(toSend - wrote, 1 + random.nextInt(5000)), buffer - connection.unacknowledged());
                wrote += chunk;
                connection.written(chunk, false, host);
            }
            if (wrote == toSend && !closed) {
                closed = true;
                connection.shutdownSend(host);
            }
        }

        void drain(TcpConnection connection) {
            if (slow && paused) {
                waiting = connection;
                if (!reading.isPending()) {
                    loop.scheduleAfter(reading, random.nextInt(3_000) * Picoseconds.PER_MILLISECOND / 10);
                }
                return;
            }
            paused = slow;
            int bytes = 0;
            for (Segment s = connection.firstReadable(); s != null; s = connection.firstReadable()) {
                int length = s.payloadLength() - s.skipped();
                int part = 1 + random.nextInt(length);
                check(s, s.skipped(), part);
                connection.consume(part, host);
                bytes += part;
            }
            if (bytes > 0) {
                connection.afterRead(bytes, host);
            }
            if (connection.isReceiveShut() && connection.readable() == 0 && !done) {
                done = true;
            }
        }

        private void check(Segment s, int index, int length) {
            Packet packet = (Packet) s;
            for (int i = 0; i < length; i++) {
                byte found = packet.bytes[s.headerLength() + index + i];
                if (found != at(read + i)) {
                    throw new AssertionError("byte " + (read + i) + " of the stream is wrong");
                }
            }
            read += length;
        }

        @Override
        public int take(Segment segment, int index, int length, Work on) {
            if (!direct || slow) {
                return 0;
            }
            int part = random.nextInt(4) == 0 ? random.nextInt(length + 1) : length;
            check(segment, index, part);
            return part;
        }

        @Override
        public void readable(TcpConnection connection, Work on) {
            drain(connection);
        }

        @Override
        public void acknowledged(TcpConnection connection, long offset, Work on) {
            pump(connection);
        }

        @Override
        public void changed(TcpConnection connection, Work on) {
            error = connection.error();
            if (connection.state().sendsData()) {
                pump(connection);
            }
            drain(connection);
        }
    }
}
