/** The network stack as a user of the copy engine: its channels, what each kernel's copy offload does, and why a byte was copied by a processor. */
@NullMarked
package org.ioatlab.kernel.net.offload;

import org.jspecify.annotations.NullMarked;
