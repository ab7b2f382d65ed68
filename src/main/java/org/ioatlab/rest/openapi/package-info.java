/** The description of the service: examples that run as they stand, statuses, problems. */
@NullMarked
package org.ioatlab.rest.openapi;

import org.jspecify.annotations.NullMarked;
