/** The wire at a port's other end: a switch that knows every neighbour, and what happens to frames on their way. */
@NullMarked
package org.ioatlab.workload.wire;

import org.jspecify.annotations.NullMarked;
