/** Memory management: the page frames' map, buddy and per-CPU page lists, slab caches, pinning. */
@NullMarked
package org.ioatlab.kernel.mm;

import org.jspecify.annotations.NullMarked;
