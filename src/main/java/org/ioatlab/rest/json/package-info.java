/** How values are written as JSON and read back, strictly. */
@NullMarked
package org.ioatlab.rest.json;

import org.jspecify.annotations.NullMarked;
