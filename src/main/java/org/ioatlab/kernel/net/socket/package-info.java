/** Sockets: TCP and UDP as programs use them, their system calls as resumable objects, prequeue and backlog, poll. */
@NullMarked
package org.ioatlab.kernel.net.socket;

import org.jspecify.annotations.NullMarked;
