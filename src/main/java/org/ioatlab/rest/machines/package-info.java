/** Machines, their clocks, presets and platforms. */
@NullMarked
package org.ioatlab.rest.machines;

import org.jspecify.annotations.NullMarked;
