/** Frames, headers, addresses, checksums and flow hashes as bytes and values: nothing here knows a device or a clock. */
@NullMarked
package org.ioatlab.wire;

import org.jspecify.annotations.NullMarked;
