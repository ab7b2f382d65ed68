package org.ioatlab.machine;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Map;

/**
 * All that decides what a machine does: two machines of equal specs that take equal commands at equal instants are equal to the last
 * byte and picosecond.
 *
 * @param platform name of the cost platform
 * @param seed of the machine's random sources
 * @param cpus topology
 * @param memory sizes
 * @param nic network ports
 * @param dma copy engine
 * @param kernel choices of the kernel
 * @param costs values of cost parameters that differ from the platform's, by name
 */
public record MachineSpec(
        @NotNull String platform,
        long seed,
        @NotNull @Valid Cpus cpus,
        @NotNull @Valid Memory memory,
        @NotNull @Valid NicSpec nic,
        @NotNull @Valid DmaSpec dma,
        @NotNull @Valid KernelSpec kernel,
        @NotNull Map<String, Long> costs) {

    /** The same with another clock rate of the processors. */
    public MachineSpec withFrequencyMhz(int megahertz) {
        Cpus faster = new Cpus(cpus.sockets(), cpus.coresPerSocket(), cpus.threadsPerCore(), megahertz);
        return new MachineSpec(platform, seed, faster, memory, nic, dma, kernel, costs);
    }

    /**
     * The processors.
     *
     * @param sockets 1 to 8
     * @param coresPerSocket 1 to 16
     * @param threadsPerCore 1, or 2 for HyperThreading
     * @param frequencyMhz 100 to 10 000; 0 means the platform's
     */
    public record Cpus(
            @Min(1) @Max(8) int sockets,
            @Min(1) @Max(16) int coresPerSocket,
            @Min(1) @Max(2) int threadsPerCore,
            @Min(0) @Max(10_000) int frequencyMhz) {}

    /**
     * The memory.
     *
     * @param totalMib 16 to 65 536, a multiple of 4 (the largest block of the buddy allocator)
     * @param lowMib 16 to 896, a multiple of 4, at most {@code totalMib}
     */
    public record Memory(
            @Min(16) @Max(65_536) @MultipleOf(4) int totalMib,
            @Min(16) @Max(896) @MultipleOf(4) int lowMib) {}
}
