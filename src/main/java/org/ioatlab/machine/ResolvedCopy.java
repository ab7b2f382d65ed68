package org.ioatlab.machine;

import org.ioatlab.kernel.dmaengine.MemcpyKind;

/**
 * A copy between physical addresses.
 *
 * @param kind the function that stands for it
 */
record ResolvedCopy(MemcpyKind kind, long target, long source, int length) {}
