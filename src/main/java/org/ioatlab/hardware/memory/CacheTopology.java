package org.ioatlab.hardware.memory;

/**
 * Which logical processors share caches.
 *
 * @param clusters by logical processor, the number of the second-level cache that it uses, from 0
 * @param cores by logical processor, the number of its core among those of the same second-level cache, from 0
 */
public record CacheTopology(int[] clusters, int[] cores) {
    int clusterCount() {
        int most = 0;
        for (int cluster : clusters) {
            most = Math.max(most, cluster);
        }
        return most + 1;
    }

    int coresOf(int cluster) {
        int most = 0;
        for (int cpu = 0; cpu < clusters.length; cpu++) {
            if (clusters[cpu] == cluster) {
                most = Math.max(most, cores[cpu]);
            }
        }
        return most + 1;
    }
}
