/** The other end of a machine's cables over HTTP. */
@NullMarked
package org.ioatlab.rest.wire;

import org.jspecify.annotations.NullMarked;
