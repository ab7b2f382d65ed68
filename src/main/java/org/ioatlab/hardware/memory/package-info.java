/** Physical memory with real bytes, and the bandwidth that its users share. */
@NullMarked
package org.ioatlab.hardware.memory;

import org.jspecify.annotations.NullMarked;
