package org.ioatlab.workload.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The last IP packets that a machine has sent, over all of its ports: what a tool outside reads that plays the other end. */
public final class PacketLog {
    /** The most packets kept. */
    public static final int MOST_PACKETS = 65_536;

    /** The most bytes of packets kept. */
    public static final int MOST_BYTES = 8 << 20;

    /** Machines that send nothing keep next to nothing; powers of two. */
    private static final int INITIAL_PACKETS = 2;

    private static final int INITIAL_BYTES = 64;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private long[] starts = new long[INITIAL_PACKETS];
    private int[] lengths = new int[INITIAL_PACKETS];
    private int[] ports = new int[INITIAL_PACKETS];
    private long[] timesPs = new long[INITIAL_PACKETS];
    private long first = 1;
    private long next = 1;
    private long written;

    /**
     * A packet.
     *
     * @param sequence its number, from 1 on
     * @param atPs when its last bit had come out of the machine
     * @param port which port sent it
     * @param bytes from the first byte of its IP header
     */
    public record Packet(long sequence, long atPs, int port, byte[] bytes) {}

    /** The number of the last packet, 0 before the first. */
    public long lastSequence() {
        return next - 1;
    }

    /** Packets with numbers above {@code after} that are still kept, at most {@code most}. */
    public List<Packet> after(long after, int most) {
        List<Packet> found = new ArrayList<>();
        for (long sequence = Math.max(after + 1, first); sequence < next && found.size() < most; sequence++) {
            int index = index(sequence);
            byte[] copy = new byte[lengths[index]];
            copyOut(starts[index], copy);
            found.add(new Packet(sequence, timesPs[index], ports[index], copy));
        }
        return found;
    }

    void add(int port, long atPs, byte[] frame, int offset, int length) {
        if (length > MOST_BYTES) {
            return;
        }
        makeRoom(length);
        int index = index(next);
        starts[index] = written;
        lengths[index] = length;
        ports[index] = port;
        timesPs[index] = atPs;
        copyIn(frame, offset, length);
        written += length;
        next++;
    }

    private int index(long sequence) {
        return (int) sequence & starts.length - 1;
    }

    private void makeRoom(int length) {
        if (next - first == starts.length) {
            growOrForget();
        }
        while (first < next && written + length - starts[index(first)] > bytes.length) {
            if (bytes.length < MOST_BYTES) {
                growBytes();
            } else {
                first++;
            }
        }
        while (bytes.length < length) {
            growBytes();
        }
    }

    private void growOrForget() {
        if (starts.length == MOST_PACKETS) {
            first++;
            return;
        }
        int old = starts.length;
        starts = Arrays.copyOf(starts, 2 * old);
        lengths = Arrays.copyOf(lengths, 2 * old);
        ports = Arrays.copyOf(ports, 2 * old);
        timesPs = Arrays.copyOf(timesPs, 2 * old);
        for (long sequence = first; sequence < next; sequence++) {
            int from = (int) sequence & old - 1;
            int to = index(sequence);
            starts[to] = starts[from];
            lengths[to] = lengths[from];
            ports[to] = ports[from];
            timesPs[to] = timesPs[from];
        }
    }

    private void growBytes() {
        byte[] larger = new byte[2 * bytes.length];
        long from = first == next ? written : starts[index(first)];
        for (long at = from; at < written; at++) {
            larger[(int) at & larger.length - 1] = bytes[(int) at & bytes.length - 1];
        }
        bytes = larger;
    }

    private void copyIn(byte[] source, int offset, int length) {
        int at = (int) written & bytes.length - 1;
        int head = Math.min(length, bytes.length - at);
        System.arraycopy(source, offset, bytes, at, head);
        System.arraycopy(source, offset + head, bytes, 0, length - head);
    }

    private void copyOut(long start, byte[] into) {
        int at = (int) start & bytes.length - 1;
        int head = Math.min(into.length, bytes.length - at);
        System.arraycopy(bytes, at, into, 0, head);
        System.arraycopy(bytes, 0, into, head, into.length - head);
    }
}
