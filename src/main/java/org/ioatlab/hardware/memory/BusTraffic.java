package org.ioatlab.hardware.memory;

/** Whose bytes pass the memory bus. */
public enum BusTraffic {
    /** Lines that processors fetch, to read or to write them. */
    CPU_READ,
    /** Changed lines that caches give back. */
    CPU_WRITE_BACK,
    /** Frames and descriptors of network controllers. */
    NIC,
    /** Data, descriptors and completion words of copy engines. */
    ENGINE
}
