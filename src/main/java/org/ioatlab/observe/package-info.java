/** What can be seen of a running machine: profile, timeline, packet capture. Write-only for the model; switching it off changes nothing. */
@NullMarked
package org.ioatlab.observe;

import org.jspecify.annotations.NullMarked;
