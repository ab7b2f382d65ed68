package org.ioatlab.hardware.cpu;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.memory.CacheTopology;
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

    /**
     * Which processors share caches.
     *
     * @param sharingCores how many cores of one socket have a second-level cache in common
     */
    public CacheTopology caches(int sharingCores) {
        int[] clusters = new int[logicalCpus()];
        int[] cores = new int[logicalCpus()];
        int perSocket = (coresPerSocket + sharingCores - 1) / sharingCores;
        for (int cpu = 0; cpu < clusters.length; cpu++) {
            int core = cpu % coresPerSocket;
            int socket = cpu / coresPerSocket % sockets;
            clusters[cpu] = socket * perSocket + core / sharingCores;
            cores[cpu] = core % sharingCores;
        }
        return new CacheTopology(clusters, cores);
    }

    private static void requireRange(String name, int count, int most) {
        if (count < 1 || count > most) {
            throw new IllegalArgumentException(name + " must be from 1 to " + most);
        }
    }
}
