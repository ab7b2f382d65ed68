/** The paper's sections as tests. */
@NullMarked
package org.ioatlab.paper;

import org.jspecify.annotations.NullMarked;
