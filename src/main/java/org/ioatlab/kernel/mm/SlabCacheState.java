package org.ioatlab.kernel.mm;

/**
 * A slab cache as {@code /proc/slabinfo} tells it.
 *
 * @param name of the cache
 * @param activeObjects handed out
 * @param objects in all slabs
 * @param objectBytes size of one
 * @param objectsPerSlab in one slab
 * @param pagesPerSlab pages of one slab
 * @param activeSlabs slabs with objects handed out or on processors' arrays
 * @param slabs all slabs
 */
public record SlabCacheState(
        String name,
        int activeObjects,
        int objects,
        int objectBytes,
        int objectsPerSlab,
        int pagesPerSlab,
        int activeSlabs,
        int slabs) {}
