/** Endpoints that do nothing, for measuring what HTTP itself costs; only in builds with {@code lab.benchmark=true}. */
@NullMarked
package org.ioatlab.rest.benchmark;

import org.jspecify.annotations.NullMarked;
