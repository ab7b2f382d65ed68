package org.ioatlab.kernel.net;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.nic.ReceiveDescriptor;
import org.ioatlab.kernel.mm.SlabCache;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;

/** Makes the rings that a driver's settings ask for. */
final class RingFactory {
    private RingFactory() {}

    /** A ring a queue, without buffers yet; none at all when memory doesn't suffice for their descriptors. */
    static List<ReceiveRing> allocate(E1000Driver driver, Processors processors, Processor on) {
        NicSettings settings = driver.settings();
        int[] cpus = QueueAffinity.choose(processors, settings);
        int bytes = settings.ringSize()
                * (settings.splitHeaders() ? ReceiveDescriptor.SPLIT_BYTES : ReceiveDescriptor.PLAIN_BYTES);
        List<ReceiveRing> rings = new ArrayList<>();
        for (int queue = 0; queue < cpus.length; queue++) {
            long address = driver.buffers().memory().allocate(bytes, on);
            if (address == SlabCache.NO_OBJECT) {
                rings.forEach(ring -> ring.release(on));
                return List.of();
            }
            rings.add(ring(driver, queue, processors.get(cpus[queue]), address, cpus.length > 1));
        }
        return List.copyOf(rings);
    }

    private static ReceiveRing ring(E1000Driver driver, int queue, Processor processor, long address, boolean several) {
        return driver.settings().splitHeaders()
                ? new SplitReceiveRing(driver, queue, processor, address)
                : new PlainReceiveRing(driver, queue, processor, address, several);
    }
}
