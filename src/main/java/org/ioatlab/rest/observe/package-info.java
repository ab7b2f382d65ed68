/** What is seen of a machine from outside: processors, profile, timeline, text files, events, journal. */
@NullMarked
package org.ioatlab.rest.observe;

import org.jspecify.annotations.NullMarked;
