/** The application around the lab: wiring, configuration, health and metrics. */
@NullMarked
package org.ioatlab.app;

import org.jspecify.annotations.NullMarked;
