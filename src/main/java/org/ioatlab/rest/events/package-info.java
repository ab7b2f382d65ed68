/** What happens to machines, told as it happens. */
@NullMarked
package org.ioatlab.rest.events;

import org.jspecify.annotations.NullMarked;
