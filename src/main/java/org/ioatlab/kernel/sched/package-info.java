/** Work on processors: hard interrupts, softirqs and tasks, in that order, one short item at a time. */
@NullMarked
package org.ioatlab.kernel.sched;

import org.jspecify.annotations.NullMarked;
