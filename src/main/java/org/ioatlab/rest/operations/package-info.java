/** Work that outlasts a request, and the answers of work that doesn't. */
@NullMarked
package org.ioatlab.rest.operations;

import org.jspecify.annotations.NullMarked;
