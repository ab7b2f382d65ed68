/** Physical memory with real bytes; caches and the bus, which say what an access costs; the bandwidth that users of a data path share. */
@NullMarked
package org.ioatlab.hardware.memory;

import org.jspecify.annotations.NullMarked;
