/** The DMA subsystem (clients, channels, cookies) and the I/OAT driver beneath it. */
@NullMarked
package org.ioatlab.kernel.dmaengine;

import org.jspecify.annotations.NullMarked;
