/**
 * TCP (RFC 9293) with the algorithms of Linux 2.6.12: connections, listeners and their timers. It knows neither processors nor
 * memory nor sockets; a {@link org.ioatlab.kernel.net.tcp.TcpHost} gives it what it needs, so that the machine and the hosts on its wire
 * run the same code.
 */
@NullMarked
package org.ioatlab.kernel.net.tcp;

import org.jspecify.annotations.NullMarked;
