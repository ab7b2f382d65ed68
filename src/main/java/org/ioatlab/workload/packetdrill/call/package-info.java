/** System calls of scripts: symbolic constants, arguments and results, turned into what a machine's sockets take and give. */
@NullMarked
package org.ioatlab.workload.packetdrill.call;

import org.jspecify.annotations.NullMarked;
