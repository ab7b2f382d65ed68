package org.ioatlab.hardware.memory;

/** What a processor's access to memory is for; misses are counted by it. */
public enum MemoryUse {
    /** A packet's link, network and transport headers. */
    HEADER,
    /** A packet's data. */
    PAYLOAD,
    /** Buffers of programs. */
    USER,
    /** What a program itself reads of what it has received. */
    APPLICATION,
    /** Descriptor rings and completion words, which devices read and write too. */
    DESCRIPTOR,
    /** {@code struct sk_buff} and the shared information behind a buffer. */
    SOCKET_BUFFER,
    /** {@code struct sock}. */
    SOCKET,
    /** Everything else: slab management, page structures. */
    OTHER
}
