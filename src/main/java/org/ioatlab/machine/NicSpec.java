package org.ioatlab.machine;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * The network ports, all alike.
 *
 * @param ports 0 to 8
 * @param linkMbps 10, 100, 1000, 2500, 5000, 10 000, 25 000, 40 000 or 100 000
 * @param mtu 576 to 9000 bytes
 * @param receiveQueues 1 to 8; a machine with one processor uses one
 * @param ringSize descriptors of each receive ring, 80 to 4096, a multiple of 8
 * @param splitHeaders whether headers and payload go to separate buffers
 * @param checksumOffload whether the port verifies IP, TCP and UDP checksums and puts them in
 * @param tso whether the port cuts large TCP packets into segments, which takes {@code checksumOffload} too
 * @param interruptsPerSecond at most this many, 100 to 100 000; 0 for no moderation
 */
public record NicSpec(
        @Min(0) @Max(8) int ports,
        @Min(10) @Max(100_000) int linkMbps,
        @Min(576) @Max(9000) int mtu,
        @Min(1) @Max(8) int receiveQueues,
        @Min(80) @Max(4096) @MultipleOf(8) int ringSize,
        boolean splitHeaders,
        boolean checksumOffload,
        boolean tso,
        @Min(0) @Max(100_000) int interruptsPerSecond) {}
