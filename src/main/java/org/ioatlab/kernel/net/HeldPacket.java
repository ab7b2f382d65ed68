package org.ioatlab.kernel.net;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.nic.HashType;

/**
 * A received packet that the tap holds: what the hardware told of it and where its bytes lie.
 *
 * @param sequence number among all packets that the tap received, from 1
 * @param atPs when the driver handed it on
 * @param queue the receive queue that it came by
 * @param cpu the processor that polled it
 * @param hash the flow hash, where {@code hashType} isn't NONE
 * @param hashType what the flow hash covers
 * @param protocol the EtherType
 * @param bufferAddress physical address of the slab object that the linear part lies in
 * @param headerAddress physical address of the linear part, link header included
 * @param headerLength length of the linear part, link header included
 * @param fragments parts that lie in pages, in order
 * @param length the whole frame's length, without frame check sequence
 * @param truesize bytes charged to a socket for it
 * @param vlanTag the tag that hardware took out, or {@link SocketBuffer#NO_TAG}
 * @param checksum what hardware said of the checksum
 * @param checksumError whether hardware found a wrong checksum
 * @param split whether hardware put the header alone into the header buffer
 */
public record HeldPacket(
        long sequence,
        long atPs,
        int queue,
        int cpu,
        int hash,
        HashType hashType,
        int protocol,
        long bufferAddress,
        long headerAddress,
        int headerLength,
        List<Fragment> fragments,
        int length,
        int truesize,
        int vlanTag,
        SocketBuffer.Checksum checksum,
        boolean checksumError,
        boolean split) {

    /**
     * Part of a packet in a page.
     *
     * @param page the page frame's number
     * @param offset where it begins in the page
     * @param length its length
     */
    public record Fragment(int page, int offset, int length) {}

    static HeldPacket of(SocketBuffer packet) {
        List<Fragment> fragments = new ArrayList<>();
        for (int i = 0; i < packet.fragments; i++) {
            fragments.add(new Fragment(packet.pages[i], packet.offsets[i], packet.lengths[i]));
        }
        return new HeldPacket(
                packet.sequence,
                packet.receivedPs,
                packet.queue,
                packet.cpu,
                packet.hash,
                packet.hashType,
                packet.protocol,
                packet.bufferAddress,
                packet.linkAddress(),
                packet.linkLength(),
                List.copyOf(fragments),
                packet.linkLength() + packet.fragmentBytes,
                packet.truesize,
                packet.vlanTag,
                packet.checksum,
                packet.checksumError,
                packet.headerSplit);
    }

    /** The whole frame, gathered from where it lies. */
    public byte[] bytes(PhysicalMemory memory) {
        byte[] frame = new byte[length];
        memory.read(headerAddress, frame, 0, headerLength);
        int at = headerLength;
        for (Fragment fragment : fragments) {
            long address = ((long) fragment.page() << PhysicalMemory.PAGE_SHIFT) + fragment.offset();
            memory.read(address, frame, at, fragment.length());
            at += fragment.length();
        }
        return frame;
    }
}
