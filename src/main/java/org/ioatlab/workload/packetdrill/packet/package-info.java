/** Packets of scripts and packets on the wire: sequence numbers, timestamps, ports and addresses turned from one into the other. */
@NullMarked
package org.ioatlab.workload.packetdrill.packet;

import org.jspecify.annotations.NullMarked;
