/** Virtual time: the event loop, its totally ordered queue, cycles and picoseconds, seeded randomness, hashing of state. Knows no device. */
@NullMarked
package org.ioatlab.time;

import org.jspecify.annotations.NullMarked;
