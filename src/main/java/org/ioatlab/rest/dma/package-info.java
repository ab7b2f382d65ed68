/** The DMA subsystem and the copy engines. */
@NullMarked
package org.ioatlab.rest.dma;

import org.jspecify.annotations.NullMarked;
