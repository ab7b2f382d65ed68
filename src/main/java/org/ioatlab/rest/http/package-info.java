/** Conventions of HTTP that all resources share: lists in pages, preconditions, ranges, idempotency keys, patience. */
@NullMarked
package org.ioatlab.rest.http;

import org.jspecify.annotations.NullMarked;
