package org.ioatlab.kernel.net;

import org.ioatlab.hardware.nic.NetworkPort;
import org.ioatlab.hardware.nic.PortRegister;

/**
 * A receive queue as driver and controller have it at the moment.
 *
 * @param queue its number
 * @param cpu the processor that polls it
 * @param polling whether it is polled now
 * @param descriptors size of the ring
 * @param descriptorBytes size of a descriptor: 16 or 32
 * @param address physical address of the ring
 * @param head the controller's next descriptor (RDH)
 * @param tail the descriptor at which it stops (RDT)
 * @param filled descriptors with a buffer
 * @param finished descriptors with a frame that hasn't been polled
 */
public record RingView(
        int queue,
        int cpu,
        boolean polling,
        int descriptors,
        int descriptorBytes,
        long address,
        int head,
        int tail,
        int filled,
        int finished) {

    static RingView of(ReceiveRing ring, int cpu, NetworkPort port) {
        int registers = ring.queue() * PortRegister.QUEUE_STRIDE;
        return new RingView(
                ring.queue(),
                cpu,
                ring.isScheduled(),
                ring.count(),
                ring.lengthBytes() / ring.count(),
                ring.address(),
                (int) port.peek(PortRegister.RDH + registers, Integer.BYTES),
                (int) port.peek(PortRegister.RDT + registers, Integer.BYTES),
                ring.filled(),
                ring.finished());
    }
}
