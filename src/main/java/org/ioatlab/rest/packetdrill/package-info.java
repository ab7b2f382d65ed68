/** Tests of machines in packetdrill's language. */
@NullMarked
package org.ioatlab.rest.packetdrill;

import org.jspecify.annotations.NullMarked;
