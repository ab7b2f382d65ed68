/** Network ports: settings, queues, frames, captures, held packets. */
@NullMarked
package org.ioatlab.rest.nic;

import org.jspecify.annotations.NullMarked;
