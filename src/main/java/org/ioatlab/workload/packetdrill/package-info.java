/** Runs packetdrill's test scripts on a machine: injects and expects packets and makes system calls at virtual times. */
@NullMarked
package org.ioatlab.workload.packetdrill;

import org.jspecify.annotations.NullMarked;
