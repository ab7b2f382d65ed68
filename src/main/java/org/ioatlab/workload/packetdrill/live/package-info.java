/** A machine's kernel as scripts see it: its sockets, its wire, its kernel variables. */
@NullMarked
package org.ioatlab.workload.packetdrill.live;

import org.jspecify.annotations.NullMarked;
