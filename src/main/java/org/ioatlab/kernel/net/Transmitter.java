package org.ioatlab.kernel.net;

import org.ioatlab.hardware.nic.PortRegister;
import org.ioatlab.hardware.nic.TransmitDescriptor;
import org.ioatlab.kernel.mm.SlabCache;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** The sending half of the driver: the ring while the port is open, and the queue in front of it, which outlives resets. */
final class Transmitter implements TransmitQueue.Driver {
    private final E1000Driver driver;
    private final TransmitQueue queue;
    private @Nullable TransmitRing ring;

    Transmitter(E1000Driver driver, NetTxAction action) {
        this.driver = driver;
        queue = new TransmitQueue(driver.port().interfaceName(), this, action, driver.buffers(), driver.platform());
    }

    TransmitQueue queue() {
        return queue;
    }

    /** Allocates the ring; false when memory is exhausted. */
    boolean allocate(Processor on) {
        long address = driver.buffers().memory().allocate(TransmitRing.DESCRIPTORS * TransmitDescriptor.BYTES, on);
        if (address != SlabCache.NO_OBJECT) {
            ring = new TransmitRing(driver, address);
        }
        return ring != null;
    }

    /** Physical address of the ring's descriptors. */
    long address() {
        return ring == null ? SlabCache.NO_OBJECT : ring.address();
    }

    /** The port is being programmed: packets that wait are sent when that is done, if there is a link. */
    void start(Processor on) {
        setCarrier((driver.port().read(PortRegister.MDIC, Integer.BYTES) & PortRegister.MDIC_LINK) != 0, on);
        queue.open(on);
    }

    /** Lets no further packet through. */
    void stop() {
        queue.stop(TransmitQueue.Stop.CLOSED);
    }

    /** Whether all packets that can still leave have left and been freed. */
    boolean isDrained() {
        return ring == null || ring.isEmpty() || queue.isStopped(TransmitQueue.Stop.NO_CARRIER);
    }

    /** Frees the ring with what is in it. */
    void close(Processor on) {
        if (ring != null) {
            queue.lost(ring.release(on));
            ring = null;
        }
    }

    /** Frees one packet that has left; false if there is none. */
    boolean clean(Processor on) {
        if (ring == null || !ring.clean(on)) {
            return false;
        }
        if (queue.isStopped(TransmitQueue.Stop.RING) && ring.unused() >= TransmitRing.WAKE_DESCRIPTORS) {
            queue.wake(TransmitQueue.Stop.RING, on);
        }
        return true;
    }

    /** The link has come up or gone down. */
    void setCarrier(boolean up, Processor on) {
        if (up) {
            queue.wake(TransmitQueue.Stop.NO_CARRIER, on);
        } else {
            queue.stop(TransmitQueue.Stop.NO_CARRIER);
        }
    }

    @Override
    public boolean transmit(SocketBuffer packet, Processor on) {
        return ring != null && ring.transmit(packet, on);
    }

    @Override
    public boolean hasRoom() {
        return ring != null && ring.unused() >= TransmitRing.ROOM_DESCRIPTORS;
    }

    void hashInto(StateHash hash) {
        queue.hashInto(hash);
        if (ring != null) {
            ring.hashInto(hash);
        }
    }
}
