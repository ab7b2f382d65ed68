package org.ioatlab.hardware.nic;

import org.ioatlab.wire.Ethernet;

/** Takes the outermost tag out of a frame. */
final class VlanStripper {
    private static final int ADDRESSES = 2 * Ethernet.ADDRESS_LENGTH;
    private static final int BEHIND_TAG = ADDRESSES + Ethernet.VLAN_TAG_LENGTH;

    private byte[] frame = {};

    /** The frame without its tag, from index 0 of an array that is used again. */
    byte[] strip(byte[] tagged, int offset, int length) {
        if (frame.length == 0) {
            frame = new byte[PacketBuffer.LONGEST_FRAME];
        }
        System.arraycopy(tagged, offset, frame, 0, ADDRESSES);
        System.arraycopy(tagged, offset + BEHIND_TAG, frame, ADDRESSES, length - BEHIND_TAG);
        return frame;
    }
}
