/** The little of Python that scripts use to assert over a connection's figures. */
@NullMarked
package org.ioatlab.workload.packetdrill.code;

import org.jspecify.annotations.NullMarked;
