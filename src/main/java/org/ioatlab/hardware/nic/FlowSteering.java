package org.ioatlab.hardware.nic;

import org.ioatlab.time.StateHash;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.ToeplitzHash;

/**
 * Receive-side scaling: the hash of a frame's addresses and ports, and the queue that the redirection table names for it. All frames of one
 * TCP stream come to the same queue (OLS 2005 paper, section 3).
 */
final class FlowSteering {
    static final int TABLE_ENTRIES = 128;

    private static final int QUEUE_MASK = NetworkPort.QUEUES - 1;

    private final byte[] key = new byte[ToeplitzHash.KEY_LENGTH];
    private final byte[] table = new byte[TABLE_ENTRIES];
    private ToeplitzHash function = ToeplitzHash.DEFAULT;
    private boolean keyChanged = true;
    private int control;
    private int hash;
    private HashType type = HashType.NONE;

    int control() {
        return control;
    }

    void setControl(int value) {
        control = value;
    }

    boolean isOn() {
        return (control & PortRegister.MRQC_RSS) != 0;
    }

    byte[] key() {
        return key;
    }

    byte[] table() {
        return table;
    }

    void keyChanged() {
        keyChanged = true;
    }

    /** The hash that {@link #steer} computed. */
    int hash() {
        return hash;
    }

    /** What that hash covers. */
    HashType type() {
        return type;
    }

    /** Computes hash and type of a frame; answers its queue. */
    int steer(byte[] frame, FrameLayout layout) {
        hash = 0;
        type = HashType.NONE;
        if (!isOn() || layout.isMalformed() || layout.isTruncated()) {
            return 0;
        }
        if (layout.isIpv4()) {
            steerIpv4(frame, layout);
        } else if (layout.isIpv6()) {
            steerIpv6(frame, layout);
        }
        return type == HashType.NONE ? 0 : table[hash & (TABLE_ENTRIES - 1)] & QUEUE_MASK;
    }

    void hashInto(StateHash state) {
        state.put(control);
        state.put(key, 0, key.length);
        state.put(table, 0, table.length);
    }

    private boolean has(HashField field) {
        return (control & field.mask()) != 0;
    }

    private void steerIpv4(byte[] frame, FrameLayout layout) {
        int ip = layout.networkOffset();
        if (has(HashField.TCP_IPV4) && layout.isTcp() && !layout.isFragment()) {
            type = HashType.IPV4_TCP;
            hash = function().ipv4WithPorts(frame, ip, layout.transportOffset());
        } else if (has(HashField.IPV4)) {
            type = HashType.IPV4;
            hash = function().ipv4(frame, ip);
        }
    }

    private void steerIpv6(byte[] frame, FrameLayout layout) {
        boolean plain = !layout.hasExtensionHeaders();
        if (layout.isTcp()
                && !layout.isFragment()
                && (has(HashField.TCP_IPV6_EX) || (plain && has(HashField.TCP_IPV6)))) {
            type = HashType.IPV6_TCP;
            hash = function().ipv6WithPorts(frame, layout.networkOffset(), layout.transportOffset());
        } else if (has(HashField.IPV6_EX)) {
            type = HashType.IPV6_EX;
            hash = function().ipv6(frame, layout.networkOffset());
        } else if (has(HashField.IPV6)) {
            type = HashType.IPV6;
            hash = function().ipv6(frame, layout.networkOffset());
        }
    }

    /** The key's tables, made anew when the key has changed: ten register writes set one key. */
    private ToeplitzHash function() {
        if (keyChanged) {
            function = ToeplitzHash.of(key);
            keyChanged = false;
        }
        return function;
    }
}
