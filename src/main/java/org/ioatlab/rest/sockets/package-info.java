/** Sockets, polls and programs of a machine over HTTP. */
@NullMarked
package org.ioatlab.rest.sockets;

import org.jspecify.annotations.NullMarked;
