/** What remote hosts do to machines, over HTTP. */
@NullMarked
package org.ioatlab.rest.traffic;

import org.jspecify.annotations.NullMarked;
