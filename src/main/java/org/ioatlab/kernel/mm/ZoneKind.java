package org.ioatlab.kernel.mm;

/** The two zones of a 32-bit kernel with highmem. */
public enum ZoneKind {
    /** Mapped into the kernel's address space; what the kernel's own structures and buffers live in. */
    LOW("Normal"),
    /** Without a kernel address: only reachable by page. */
    HIGH("HighMem");

    private final String kernelName;

    ZoneKind(String kernelName) {
        this.kernelName = kernelName;
    }

    /** As {@code /proc/buddyinfo} prints it. */
    public String kernelName() {
        return kernelName;
    }
}
