/** Test scripts in packetdrill's language as text and as immutable trees: nothing here runs one. */
@NullMarked
package org.ioatlab.workload.packetdrill.script;

import org.jspecify.annotations.NullMarked;
