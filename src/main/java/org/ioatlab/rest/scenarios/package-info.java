/** Known bugs that machines can be made to come upon. */
@NullMarked
package org.ioatlab.rest.scenarios;

import org.jspecify.annotations.NullMarked;
