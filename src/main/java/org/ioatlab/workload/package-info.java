/** What machines are put to: scripts, traffic and programs. */
@NullMarked
package org.ioatlab.workload;

import org.jspecify.annotations.NullMarked;
