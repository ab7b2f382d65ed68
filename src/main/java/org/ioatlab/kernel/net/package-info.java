/** The network driver, NAPI polling and socket buffers: what stands between a port and the protocols. */
@NullMarked
package org.ioatlab.kernel.net;

import org.jspecify.annotations.NullMarked;
