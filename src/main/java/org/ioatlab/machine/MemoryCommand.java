package org.ioatlab.machine;

import org.ioatlab.kernel.mm.ZoneKind;

/**
 * What can be done to memory. Allocating and freeing are kernel calls on a processor and cost its cycles; writing is the laboratory's own
 * hand and costs nothing.
 *
 * @param <R> what it answers
 */
public sealed interface MemoryCommand<R> extends Command<R> {
    /** {@code kmalloc()}; beyond 128 KiB {@code __get_free_pages()}. */
    record AllocateBuffer(int size, Content content, int cpu) implements MemoryCommand<MemoryViews.Buffer> {}

    /** {@code kfree()}. */
    record FreeBuffer(String buffer, int cpu) implements MemoryCommand<Done> {}

    /** Puts bytes into a buffer from {@code offset}. */
    record WriteBuffer(String buffer, int offset, byte[] bytes) implements MemoryCommand<MemoryViews.Buffer> {}

    /** {@code alloc_page()}, {@code count} times. */
    record AllocatePages(int count, ZoneKind zone, Content content, int cpu)
            implements MemoryCommand<MemoryViews.Pages> {}

    /** {@code __free_page()}. */
    record FreePage(String page, int cpu) implements MemoryCommand<Done> {}

    /** Puts bytes into a page from {@code offset}. */
    record WritePage(String page, int offset, byte[] bytes) implements MemoryCommand<MemoryViews.Page> {}
}
