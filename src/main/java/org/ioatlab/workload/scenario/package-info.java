/** Programs that come upon known bugs of copy offload: what goes wrong follows from the kernel they run on, and nothing else. */
@NullMarked
package org.ioatlab.workload.scenario;

import org.jspecify.annotations.NullMarked;
