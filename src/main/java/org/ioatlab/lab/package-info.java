/** The fleet of machines: one writer a machine, pacing of running clocks, quotas, expiry, the journal. The only core room with concurrency. */
@NullMarked
package org.ioatlab.lab;

import org.jspecify.annotations.NullMarked;
