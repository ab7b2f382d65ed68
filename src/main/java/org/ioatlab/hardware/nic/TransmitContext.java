package org.ioatlab.hardware.nic;

import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Tcp;

/** What the last context descriptor told: where headers and checksums of the packets behind it lie. */
final class TransmitContext {
    private static final int BYTE = 0xff;
    private static final int SHORT = 0xffff;

    private long first;
    private long second;

    void load(long firstWord, long secondWord) {
        first = firstWord;
        second = secondWord;
    }

    int ipStart() {
        return (int) first & BYTE;
    }

    int ipChecksum() {
        return (int) (first >>> TransmitDescriptor.IP_CHECKSUM_SHIFT) & BYTE;
    }

    /** Where the IP header of a packet of that length ends. */
    int ipEnd(int length) {
        return end((int) (first >>> TransmitDescriptor.IP_END_SHIFT) & SHORT, length);
    }

    int transportStart() {
        return (int) (first >>> TransmitDescriptor.TRANSPORT_START_SHIFT) & BYTE;
    }

    int transportChecksum() {
        return (int) (first >>> TransmitDescriptor.TRANSPORT_CHECKSUM_SHIFT) & BYTE;
    }

    /** Where the bytes under the transport checksum end. */
    int transportEnd(int length) {
        return end((int) (first >>> TransmitDescriptor.TRANSPORT_END_SHIFT) & SHORT, length);
    }

    boolean isTcp() {
        return (second & TransmitDescriptor.TCP) != 0;
    }

    boolean isIpv4() {
        return (second & TransmitDescriptor.IPV4) != 0;
    }

    boolean cutsSegments() {
        return (second & TransmitDescriptor.SEGMENT) != 0;
    }

    int headerLength() {
        return (int) (second >>> TransmitDescriptor.HEADER_LENGTH_SHIFT) & BYTE;
    }

    int segmentBytes() {
        return (int) (second >>> TransmitDescriptor.SEGMENT_BYTES_SHIFT) & SHORT;
    }

    /** Whether a packet of {@code length} bytes can be cut as it says. */
    boolean canCut(int length) {
        int headers = headerLength();
        boolean placed = ipStart() < transportStart() && transportStart() + Tcp.MIN_HEADER_LENGTH <= headers;
        return cutsSegments()
                && isTcp()
                && placed
                && headers < length
                && segmentBytes() > 0
                && headers + segmentBytes() <= TransmitDescriptor.LONGEST_PACKET;
    }

    void hashInto(StateHash hash) {
        hash.put(first);
        hash.put(second);
    }

    private static int end(int last, int length) {
        return last == 0 ? length : Math.min(last + 1, length);
    }
}
