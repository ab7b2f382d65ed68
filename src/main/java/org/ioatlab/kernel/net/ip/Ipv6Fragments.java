package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/**
 * IPv6's fragments. One that comes twice is ignored; a datagram whose fragments overlap in any other way is given up (RFC 5722, RFC 8200 4.5).
 */
final class Ipv6Fragments extends Fragments {
    /** How long a datagram may take to come (RFC 8200, 4.5). */
    static final long TIMEOUT_PS = 60 * Picoseconds.PER_SECOND;

    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;
    private static final int OFFSET_MASK = 0xfff8;

    private final Icmpv6Sender icmp;

    Ipv6Fragments(IpContext context, Icmpv6Sender icmp) {
        super(context, true, TIMEOUT_PS);
        this.icmp = icmp;
    }

    /**
     * Takes a fragment whose data begins at its IPv6 header, with its fragment header at {@code at}, in the linear part.
     *
     * @return the whole datagram behind a plain IPv6 header, if this completes it
     */
    @Nullable
    SocketBuffer receive(SocketBuffer fragment, int at, Processor on) {
        long header = fragment.dataAddress() + at;
        int word = context.bytes.u16(header + 2);
        int offset = word & OFFSET_MASK;
        boolean more = (word & 1) != 0;
        int length = fragment.length() - at - Ipv6.EXTENSION_UNIT;
        FragmentQueue queue = obtain(fragment, context.bytes.i32(header + 4), 0, on);
        if (more && (length & 7) != 0) {
            icmp.parameterProblem(fragment, Icmpv6Sender.ERRONEOUS_FIELD, Icmpv6Sender.PAYLOAD_LENGTH_FIELD, on);
            return reject(fragment, on);
        }
        if (offset + length > longest()) {
            icmp.parameterProblem(fragment, Icmpv6Sender.ERRONEOUS_FIELD, at + 2, on);
            return reject(fragment, on);
        }
        int next = context.bytes.u8(header);
        fragment.pull(at + Ipv6.EXTENSION_UNIT);
        return sortIn(queue, fragment, offset, more, next, on);
    }

    private @Nullable SocketBuffer sortIn(
            FragmentQueue queue, SocketBuffer fragment, int offset, boolean more, int next, Processor on) {
        int end = offset + fragment.length();
        boolean endKnown = (queue.came & FragmentQueue.LAST_IN) != 0;
        boolean fits =
                more ? !endKnown || end <= queue.length : end >= queue.length && (!endKnown || end == queue.length);
        if (!fits || end == offset) {
            return reject(fragment, on);
        }
        fragment.setControl(offset);
        SocketBuffer before = queue.before(offset);
        SocketBuffer behind = before == null ? queue.first : before.nextPacket();
        if (isSame(behind, fragment)) {
            context.buffers.free(fragment, on);
            return null;
        }
        boolean overlaps =
                (before != null && FragmentQueue.end(before) > offset) || (behind != null && behind.control() < end);
        if (overlaps) {
            context.buffers.free(fragment, on);
            fail(queue, on);
            return null;
        }
        queue.insert(fragment, before);
        charge(queue, fragment);
        if (offset == 0) {
            queue.came |= FragmentQueue.FIRST_IN;
            queue.firstNextHeader = next;
        }
        queue.came |= more ? 0 : FragmentQueue.LAST_IN;
        queue.length = Math.max(queue.length, end);
        return queue.isComplete() ? assemble(queue, on) : null;
    }

    private static boolean isSame(@Nullable SocketBuffer known, SocketBuffer fragment) {
        return known != null && known.control() == fragment.control() && known.length() == fragment.length();
    }

    @Override
    void tellTimeout(SocketBuffer first, Processor on) {
        icmp.reassemblyTimedOut(first, on);
    }

    /** The payload's length has 16 bits; the header doesn't count. */
    @Override
    int longest() {
        return IpOutput.LONGEST_PACKET + Ipv6.HEADER_LENGTH;
    }

    @Override
    int headerLength(SocketBuffer first) {
        return Ipv6.HEADER_LENGTH;
    }

    @Override
    void writeHeader(SocketBuffer first, SocketBuffer whole, FragmentQueue queue) {
        context.bytes.write(whole, 0, first.networkAddress(), Ipv6.HEADER_LENGTH);
        byte[] page = context.bytes.memory().write((int) (whole.dataAddress() >> PhysicalMemory.PAGE_SHIFT));
        int at = (int) whole.dataAddress() & PAGE_MASK;
        Ipv6.setPayloadLength(page, at, whole.length() - Ipv6.HEADER_LENGTH);
        Ipv6.setNextHeader(page, at, queue.firstNextHeader);
    }
}
