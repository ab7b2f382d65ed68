/** Hosts at the other end of the wire, whose work costs nothing. */
@NullMarked
package org.ioatlab.workload.host;

import org.jspecify.annotations.NullMarked;
