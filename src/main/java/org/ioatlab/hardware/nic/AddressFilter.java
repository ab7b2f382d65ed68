package org.ioatlab.hardware.nic;

import java.util.Arrays;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.MacAddress;

/** Which destinations a port listens to: up to sixteen exact addresses, broadcast, all groups, everything. */
final class AddressFilter {
    static final int ENTRIES = 16;

    static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final long NO_ADDRESS = -1;

    private final int[] low = new int[ENTRIES];
    private final int[] high = new int[ENTRIES];
    private final long[] addresses = new long[ENTRIES];
    private boolean everyUnicast;
    private boolean everyMulticast;
    private boolean broadcast;

    AddressFilter() {
        Arrays.fill(addresses, NO_ADDRESS);
    }

    void control(int rctl) {
        everyUnicast = (rctl & PortRegister.RCTL_UPE) != 0;
        everyMulticast = (rctl & PortRegister.RCTL_MPE) != 0;
        broadcast = (rctl & PortRegister.RCTL_BAM) != 0;
    }

    int low(int entry) {
        return low[entry];
    }

    int high(int entry) {
        return high[entry];
    }

    void setLow(int entry, int value) {
        low[entry] = value;
        update(entry);
    }

    void setHigh(int entry, int value) {
        high[entry] = value;
        update(entry);
    }

    /** Whether a frame of at least six bytes is for this port. */
    boolean accepts(byte[] frame, int offset) {
        long destination = BigEndian.u48(frame, offset);
        if (destination == addresses[0]) {
            return true;
        }
        boolean byKind = destination == BROADCAST
                ? broadcast || everyMulticast
                : MacAddress.isGroup(destination) ? everyMulticast : everyUnicast;
        return byKind || isListed(destination);
    }

    void hashInto(StateHash hash) {
        for (int i = 0; i < ENTRIES; i++) {
            hash.put(addresses[i]);
        }
        hash.put(everyUnicast);
        hash.put(everyMulticast);
        hash.put(broadcast);
    }

    private boolean isListed(long destination) {
        for (int i = 1; i < ENTRIES; i++) {
            if (addresses[i] == destination) {
                return true;
            }
        }
        return false;
    }

    /** The registers hold an address with its first byte lowest. */
    private void update(int entry) {
        boolean valid = (high[entry] & PortRegister.RAH_AV) != 0;
        long little = Integer.toUnsignedLong(low[entry]) | (high[entry] & 0xffffL) << 32;
        addresses[entry] = valid ? Long.reverseBytes(little) >>> 16 : NO_ADDRESS;
    }
}
