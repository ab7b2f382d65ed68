/** Capture files as bytes and values: reading pcap and pcapng, writing pcapng, and choosing frames by an expression. */
@NullMarked
package org.ioatlab.wire.capture;

import org.jspecify.annotations.NullMarked;
