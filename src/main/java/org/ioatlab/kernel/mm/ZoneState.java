package org.ioatlab.kernel.mm;

import java.util.List;

/**
 * A zone as {@code /proc} tells it.
 *
 * @param kind which zone
 * @param pages all its pages
 * @param freePages those that are free, on processors' lists included
 * @param listedPages those on processors' lists
 * @param freeBlocks free blocks by order, from 0 to 10
 */
public record ZoneState(ZoneKind kind, int pages, int freePages, int listedPages, List<Integer> freeBlocks) {}
