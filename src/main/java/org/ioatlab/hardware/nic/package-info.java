/** The network controller: link, address filter, flow hash, header splitter, receive queues in memory, interrupt moderation. */
@NullMarked
package org.ioatlab.hardware.nic;

import org.jspecify.annotations.NullMarked;
