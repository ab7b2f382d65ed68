/** The I/OAT copy engine: channels, in-memory descriptor chains, registers, completion write-back. */
@NullMarked
package org.ioatlab.hardware.dma;

import org.jspecify.annotations.NullMarked;
