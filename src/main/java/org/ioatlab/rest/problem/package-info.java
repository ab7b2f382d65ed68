/** Everything that goes wrong, as problem details (RFC 9457) with stable types. */
@NullMarked
package org.ioatlab.rest.problem;

import org.jspecify.annotations.NullMarked;
