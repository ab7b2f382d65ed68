/** What remote hosts send to a machine: streams, requests, connections, datagrams, and captured conversations. */
@NullMarked
package org.ioatlab.workload.traffic;

import org.jspecify.annotations.NullMarked;
