package org.ioatlab.kernel.mm;

import java.util.Arrays;
import org.ioatlab.time.StateHash;

/**
 * A range of page frames and its free blocks, by the buddy system: one list a power of two, last freed first handed out; a freed block is
 * merged with its buddy as long as that is free too.
 */
final class Zone {
    static final int ORDERS = PageFrames.BLOCK_ORDER + 1;

    /** Each processor's list of single pages, which no longer count as free here. */
    final PageList[] lists;

    private final ZoneKind kind;
    private final PageFrames frames;
    private final int firstFrame;
    private final int endFrame;
    private final int[] heads = new int[ORDERS];
    private final int[] counts = new int[ORDERS];
    private int freePages;

    /** Blocks of the largest order from here on were never taken; they follow those on the list. */
    private int untouched;

    Zone(ZoneKind kind, PageFrames frames, int firstFrame, int endFrame, int cpus) {
        this.kind = kind;
        this.frames = frames;
        this.firstFrame = firstFrame;
        this.endFrame = endFrame;
        Arrays.fill(heads, PageFrames.NONE);
        untouched = firstFrame;
        freePages = endFrame - firstFrame;
        counts[PageFrames.BLOCK_ORDER] = freePages >> PageFrames.BLOCK_ORDER;
        lists = new PageList[cpus];
        for (int cpu = 0; cpu < cpus; cpu++) {
            lists[cpu] = new PageList();
        }
    }

    ZoneKind kind() {
        return kind;
    }

    int pages() {
        return endFrame - firstFrame;
    }

    int freePages() {
        return freePages;
    }

    boolean contains(int frame) {
        return frame >= firstFrame && frame < endFrame;
    }

    int freeBlocks(int order) {
        return counts[order];
    }

    /** Takes a block of {@code order}; {@link PageFrames#NONE} when none is left. Adds the number of splits to {@code work}. */
    int take(int order, AllocationWork work) {
        for (int have = order; have < ORDERS; have++) {
            int frame = detach(have);
            if (frame != PageFrames.NONE) {
                work.change(frame);
                splitTo(frame, have, order, work);
                frames.become(frame, PageFrames.ALLOCATED, order);
                work.blocks++;
                return frame;
            }
        }
        return PageFrames.NONE;
    }

    /** The first free block of exactly that order, off its list. */
    private int detach(int order) {
        int frame = heads[order];
        if (frame != PageFrames.NONE) {
            unlink(frame, order);
        } else if (order == PageFrames.BLOCK_ORDER && untouched < endFrame) {
            frame = untouched;
            untouched += PageFrames.BLOCK_FRAMES;
            counts[order]--;
            freePages -= PageFrames.BLOCK_FRAMES;
        }
        return frame;
    }

    /** Gives a block of {@code order} back. Adds the number of merges to {@code work}. */
    void give(int frame, int order, AllocationWork work) {
        int block = frame;
        int size = order;
        frames.become(block, (byte) 0, 0);
        while (size < PageFrames.BLOCK_ORDER) {
            int buddy = block ^ (1 << size);
            if (!contains(buddy) || !frames.is(buddy, PageFrames.FREE) || frames.order(buddy) != size) {
                break;
            }
            work.change(buddy);
            unlink(buddy, size);
            block = Math.min(block, buddy);
            size++;
            work.splits++;
        }
        push(block, size);
        work.change(block);
        work.blocks++;
    }

    void hashInto(StateHash hash) {
        for (int order = 0; order < ORDERS; order++) {
            hash.put(counts[order]);
            hash.put(heads[order]);
        }
        hash.put(untouched);
        for (PageList list : lists) {
            list.hashInto(hash);
        }
    }

    private void splitTo(int frame, int have, int wanted, AllocationWork work) {
        for (int order = have - 1; order >= wanted; order--) {
            push(frame + (1 << order), order);
            work.change(frame + (1 << order));
            work.splits++;
        }
    }

    private void push(int frame, int order) {
        int head = heads[order];
        frames.become(frame, PageFrames.FREE, order);
        frames.link(frame, PageFrames.NONE, head);
        if (head != PageFrames.NONE) {
            frames.setPrevious(head, frame);
        }
        heads[order] = frame;
        counts[order]++;
        freePages += 1 << order;
    }

    private void unlink(int frame, int order) {
        int previous = frames.previous(frame);
        int next = frames.next(frame);
        if (previous == PageFrames.NONE) {
            heads[order] = next;
        } else {
            frames.setNext(previous, next);
        }
        if (next != PageFrames.NONE) {
            frames.setPrevious(next, previous);
        }
        frames.become(frame, (byte) 0, 0);
        counts[order]--;
        freePages -= 1 << order;
    }
}
