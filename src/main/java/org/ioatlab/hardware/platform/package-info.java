/** The parameters of the cost model, one file a platform, each with unit, value, source and grade. */
@NullMarked
package org.ioatlab.hardware.platform;

import org.jspecify.annotations.NullMarked;
