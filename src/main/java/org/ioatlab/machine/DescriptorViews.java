package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.nic.ReceiveDescriptor;
import org.ioatlab.kernel.net.RingView;

/** Receive descriptors as they lie in memory, with the fields that a driver or the controller wrote. */
final class DescriptorViews {
    private DescriptorViews() {}

    static List<NicViews.Descriptor> of(RingView ring, PhysicalMemory memory, int first, int count) {
        List<NicViews.Descriptor> views = new ArrayList<>();
        for (int i = Math.max(0, first); i < ring.descriptors() && views.size() < count; i++) {
            long address = ring.address() + (long) i * ring.descriptorBytes();
            byte[] bytes = new byte[ring.descriptorBytes()];
            memory.read(address, bytes, 0, bytes.length);
            views.add(new NicViews.Descriptor(
                    i, "0x%08x".formatted(address), HexFormat.of().formatHex(bytes), decode(bytes)));
        }
        return views;
    }

    /** Split descriptors hold up to four buffer addresses until the controller writes them back. */
    private static Map<String, Object> decode(byte[] bytes) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (bytes.length == ReceiveDescriptor.SPLIT_BYTES) {
            List<String> buffers = new ArrayList<>();
            for (int at = 0; at < bytes.length; at += Long.BYTES) {
                long address = ReceiveDescriptor.word(bytes, at);
                if (address != ReceiveDescriptor.NO_BUFFER) {
                    buffers.add("0x%08x".formatted(address));
                }
            }
            fields.put("buffers", buffers);
        } else {
            fields.put("buffer", "0x%08x".formatted(ReceiveDescriptor.word(bytes, 0)));
        }
        return fields;
    }
}
