package org.ioatlab.workload.scenario;

import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.workload.host.RemoteHosts;

/**
 * Where a scenario's program runs.
 *
 * @param sockets the kernel that it calls
 * @param hosts who sends to it
 * @param platform what forks and faults cost
 */
public record ScenarioPlace(SocketLayer sockets, RemoteHosts hosts, Platform platform) {}
