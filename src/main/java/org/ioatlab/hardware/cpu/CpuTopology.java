package org.ioatlab.hardware.cpu;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.observe.Observation;
import org.ioatlab.time.Frequency;

/**
 * Sockets, cores and hardware threads. Logical processors are numbered as firmware of the time did: first threads of all cores first,
 * then the second ones.
 *
 * @param sockets 1 to 8
 * @param coresPerSocket 1 to 16
 * @param threadsPerCore 1 or 2 (HyperThreading)
 */
public record CpuTopology(int sockets, int coresPerSocket, int threadsPerCore) {
    public CpuTopology {
        requireRange("sockets", sockets, 8);
        requireRange("coresPerSocket", coresPerSocket, 16);
        requireRange("threadsPerCore", threadsPerCore, 2);
    }

    /** Number of logical processors. */
    public int logicalCpus() {
        return sockets * coresPerSocket * threadsPerCore;
    }

    /**
     * The processors, by number.
     *
     * @param siblingSpeedPercent how fast each of two busy threads of one core runs, in percent of one alone
     */
    public List<Cpu> assemble(Frequency frequency, long siblingSpeedPercent, Observation observation) {
        List<Cpu> cpus = new ArrayList<>();
        for (int thread = 0; thread < threadsPerCore; thread++) {
            for (int socket = 0; socket < sockets; socket++) {
                for (int core = 0; core < coresPerSocket; core++) {
                    cpus.add(new Cpu(cpus.size(), socket, core, thread, frequency, siblingSpeedPercent, observation));
                }
            }
        }
        for (Cpu cpu : cpus) {
            cpu.setSiblings(cpus.stream().filter(cpu::isSiblingOf).toArray(Cpu[]::new));
        }
        return List.copyOf(cpus);
    }

    private static void requireRange(String name, int count, int most) {
        if (count < 1 || count > most) {
            throw new IllegalArgumentException(name + " must be from 1 to " + most);
        }
    }
}
