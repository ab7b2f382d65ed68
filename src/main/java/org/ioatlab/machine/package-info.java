/** A machine as a whole: assembled from a spec, driven by a closed set of commands, seen through immutable views. */
@NullMarked
package org.ioatlab.machine;

import org.jspecify.annotations.NullMarked;
