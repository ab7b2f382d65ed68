/** Network ports: settings, queues, counters, injected frames, captures, and the packets that the tap holds. */
@NullMarked
package org.ioatlab.rest.nics;

import org.jspecify.annotations.NullMarked;
