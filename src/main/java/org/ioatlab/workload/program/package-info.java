/** Programs that run as processes on a machine: readers, an echo, a busy loop; servers fork a task for each connection. */
@NullMarked
package org.ioatlab.workload.program;

import org.jspecify.annotations.NullMarked;
