package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Tcp;

/** A port that sends, and somebody at the other end of its wire who writes down what arrives and when. */
final class SendWorld {
    static final int TCP_CHECKSUM = 16;
    static final int UDP_CHECKSUM = 6;

    private static final int HEADROOM = 64;
    private static final int LINK = 14;

    final NicWorld world;
    final List<byte[]> wire = new ArrayList<>();
    final List<Long> arrivals = new ArrayList<>();
    private final String before;

    SendWorld(NicWorld opened) {
        world = opened;
        before = world.allocations();
        world.port.uplink().connect((bytes, offset, length) -> {
            wire.add(Arrays.copyOfRange(bytes, offset, offset + length));
            arrivals.add(world.loop.nowPs());
        });
    }

    static SendWorld of(NicSettings settings) {
        return new SendWorld(NicWorld.of(settings).open());
    }

    /** A packet of a frame's bytes: {@code linear} of them in its linear part, the others in pages of its own. */
    SocketBuffer packet(byte[] frame, int linear) {
        return packet(frame, linear, PhysicalMemory.PAGE_SIZE);
    }

    /** The same with {@code pieceBytes} at the end of each page. */
    SocketBuffer packet(byte[] frame, int linear, int pieceBytes) {
        Processor cpu = world.boot();
        SocketBuffer packet = Objects.requireNonNull(world.buffers.allocateForTransmit(HEADROOM + linear, cpu));
        packet.reserve(HEADROOM);
        world.bytes.write(packet.put(linear), frame, 0, linear);
        for (int at = linear; at < frame.length; at += pieceBytes) {
            int page = world.memory.pages().allocate(ZoneKind.HIGH, cpu);
            if (page == PageAllocator.NO_PAGE) {
                throw new IllegalStateException("no memory");
            }
            int length = Math.min(pieceBytes, frame.length - at);
            int offset = PhysicalMemory.PAGE_SIZE - length;
            world.bytes.write(((long) page << PhysicalMemory.PAGE_SHIFT) + offset, frame, at, length);
            packet.addFragment(page, offset, length);
        }
        return packet;
    }

    SocketBuffer packet(byte[] frame) {
        return packet(frame, frame.length);
    }

    /** The same with the transport checksum left to hardware: its field holds the pseudo header's sum. */
    SocketBuffer unfinished(byte[] frame, int linear) {
        FrameLayout layout = new FrameLayout();
        layout.parse(frame, 0, frame.length);
        int at = layout.isTcp() ? TCP_CHECKSUM : UDP_CHECKSUM;
        byte[] open = frame.clone();
        BigEndian.put16(open, layout.transportOffset() + at, pseudoHeader(frame, layout));
        SocketBuffer packet = packet(open, linear);
        packet.insertChecksum(layout.transportOffset(), at);
        return packet;
    }

    private static int pseudoHeader(byte[] frame, FrameLayout layout) {
        int protocol = layout.transportProtocol();
        int length = layout.transportLength();
        return layout.isIpv4()
                ? InternetChecksum.pseudoHeaderIpv4(frame, LINK, protocol, length)
                : InternetChecksum.pseudoHeaderIpv6(frame, LINK, protocol, length);
    }

    /** Queues packets now, one after the other; answers when the last one's doorbell arrives at the port. */
    long send(SocketBuffer... packets) {
        Processor cpu = world.boot();
        for (SocketBuffer packet : packets) {
            world.device.transmit(packet, cpu);
        }
        return cpu.nowPs();
    }

    SendWorld settle() {
        world.settle();
        return this;
    }

    /** Everything that was taken to send must have been given back. */
    void checkBalanced() {
        assertThat(world.allocations()).isEqualTo(before);
    }

    /** What a kernel would send if it cut a TCP packet itself. */
    static List<byte[]> cut(byte[] frame, int headers, int segmentBytes) {
        List<byte[]> segments = new ArrayList<>();
        int payload = frame.length - headers;
        for (int done = 0; done < payload; done += segmentBytes) {
            int length = Math.min(segmentBytes, payload - done);
            byte[] segment = Arrays.copyOf(frame, headers + length);
            System.arraycopy(frame, headers + done, segment, headers, length);
            finish(segment, done, done / segmentBytes, done + length == payload);
            segments.add(segment);
        }
        return segments;
    }

    private static void finish(byte[] segment, int done, int index, boolean last) {
        boolean ipv4 = segment[LINK] >> 4 == Ipv4.VERSION;
        int tcp = LINK + (ipv4 ? Ipv4.MIN_HEADER_LENGTH : Ipv6.HEADER_LENGTH);
        int length = segment.length - tcp;
        int flags = Tcp.flags(segment, tcp);
        Tcp.setSequence(segment, tcp, Tcp.sequence(segment, tcp) + done);
        Tcp.setFlags(segment, tcp, flags & ~(last ? 0 : Tcp.FIN | Tcp.PSH) & ~(index == 0 ? 0 : Tcp.CWR));
        if (ipv4) {
            Ipv4.setTotalLength(segment, LINK, segment.length - LINK);
            Ipv4.setIdentification(segment, LINK, Ipv4.identification(segment, LINK) + index);
            Ipv4.writeChecksum(segment, LINK);
            Tcp.writeChecksum(segment, tcp, length, InternetChecksum.pseudoHeaderIpv4(segment, LINK, 6, length));
        } else {
            Ipv6.setPayloadLength(segment, LINK, length);
            Tcp.writeChecksum(segment, tcp, length, InternetChecksum.pseudoHeaderIpv6(segment, LINK, 6, length));
        }
    }
}
