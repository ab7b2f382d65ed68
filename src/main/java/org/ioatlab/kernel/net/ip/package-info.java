/** The Internet protocols below TCP: IPv4 and IPv6 in and out, fragments, neighbours, ICMP and UDP. */
@NullMarked
package org.ioatlab.kernel.net.ip;

import org.jspecify.annotations.NullMarked;
