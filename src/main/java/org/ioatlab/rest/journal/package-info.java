/** A machine's history: exported, imported, forked. */
@NullMarked
package org.ioatlab.rest.journal;

import org.jspecify.annotations.NullMarked;
