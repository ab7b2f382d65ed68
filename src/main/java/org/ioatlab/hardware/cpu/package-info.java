/** Logical processors: topology, cycle cursor, busy cycles. */
@NullMarked
package org.ioatlab.hardware.cpu;

import org.jspecify.annotations.NullMarked;
