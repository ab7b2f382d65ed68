package org.ioatlab.machine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be seen of the PCI bus. */
public interface PciViews {
    /**
     * A function, as a list of devices tells it.
     *
     * @param address domain, bus, device and function
     * @param driver that claimed it, or null
     */
    record Device(
            String address,
            String vendor,
            String device,
            String classCode,
            String revision,
            String description,
            String bar0,
            int bar0Bytes,
            @Nullable String driver,
            String lspci) {}

    /** What a scan found: the addresses of functions that got a driver. */
    record Enumerated(List<String> claimed, List<Device> devices) {}
}
