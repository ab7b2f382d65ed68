/** Buffers, pages and allocators of a machine. */
@NullMarked
package org.ioatlab.rest.memory;

import org.jspecify.annotations.NullMarked;
