package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * IPv4's fragments. Where they overlap, bytes that came before keep their place against a later fragment's front, and are cut off by what comes
 * later in front of them (Linux 2.6.12).
 */
final class Ipv4Fragments extends Fragments {
    /** How long a datagram may take to come (ipfrag_time). */
    static final long TIMEOUT_PS = 30 * Picoseconds.PER_SECOND;

    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;
    private static final int UNIT_MASK = ~7;
    private static final int UNIT_SHIFT = 3;

    private final IcmpSender icmp;

    Ipv4Fragments(IpContext context, IcmpSender icmp) {
        super(context, false, TIMEOUT_PS);
        this.icmp = icmp;
    }

    /**
     * Takes a fragment whose data begins at its IP header of {@code header} bytes.
     *
     * @return the whole datagram, if this completes it
     */
    @Nullable
    SocketBuffer receive(SocketBuffer fragment, int header, int identification, int protocol, int word, Processor on) {
        FragmentQueue queue = obtain(fragment, identification, protocol, on);
        int offset = (word & Ipv4.FRAGMENT_OFFSET_MASK) << UNIT_SHIFT;
        boolean more = (word & Ipv4.MORE_FRAGMENTS) != 0;
        fragment.pull(header);
        int end = offset + fragment.length();
        if (more) {
            end &= UNIT_MASK;
        }
        if (end == offset || !fits(queue, end, more)) {
            return reject(fragment, on);
        }
        fragment.trim(end - offset);
        if (!sortIn(queue, fragment, offset, on)) {
            return reject(fragment, on);
        }
        queue.came |= offset == 0 ? FragmentQueue.FIRST_IN : 0;
        queue.came |= more ? 0 : FragmentQueue.LAST_IN;
        queue.length = Math.max(queue.length, end);
        return queue.isComplete() ? assemble(queue, on) : null;
    }

    /** Whether the datagram can end where this fragment says. */
    private static boolean fits(FragmentQueue queue, int end, boolean more) {
        boolean endKnown = (queue.came & FragmentQueue.LAST_IN) != 0;
        if (more) {
            return !endKnown || end <= queue.length;
        }
        return end >= queue.length && (!endKnown || end == queue.length);
    }

    /** Puts the fragment into its place; false if nothing of it is new in front of what lies behind it. */
    private boolean sortIn(FragmentQueue queue, SocketBuffer fragment, int offset, Processor on) {
        SocketBuffer before = queue.before(offset);
        int covered = before == null ? 0 : FragmentQueue.end(before) - offset;
        if (covered >= fragment.length()) {
            return false;
        }
        if (covered > 0) {
            fragment.skip(covered);
        }
        fragment.setControl(offset + Math.max(0, covered));
        int end = FragmentQueue.end(fragment);
        SocketBuffer behind = before == null ? queue.first : before.nextPacket();
        while (behind != null && FragmentQueue.end(behind) <= end) {
            queue.removeAfter(before, behind);
            SocketBuffer next = behind.nextPacket();
            discharge(queue, behind, on);
            behind = next;
        }
        if (behind != null && behind.control() < end) {
            int cut = end - behind.control();
            behind.skip(cut);
            behind.setControl(end);
            queue.meat -= cut;
        }
        queue.insert(fragment, before);
        charge(queue, fragment);
        return true;
    }

    @Override
    void tellTimeout(SocketBuffer first, Processor on) {
        icmp.reassemblyTimedOut(first, on);
    }

    @Override
    int longest() {
        return IpOutput.LONGEST_PACKET;
    }

    @Override
    int headerLength(SocketBuffer first) {
        return (context.bytes.u8(first.networkAddress()) & 0xf) << 2;
    }

    @Override
    void writeHeader(SocketBuffer first, SocketBuffer whole, FragmentQueue queue) {
        context.bytes.write(whole, 0, first.networkAddress(), headerLength(first));
        byte[] page = context.bytes.memory().write((int) (whole.dataAddress() >> PhysicalMemory.PAGE_SHIFT));
        int at = (int) whole.dataAddress() & PAGE_MASK;
        Ipv4.setTotalLength(page, at, whole.length());
        Ipv4.setFlagsAndOffset(page, at, 0);
        Ipv4.writeChecksum(page, at);
    }
}
