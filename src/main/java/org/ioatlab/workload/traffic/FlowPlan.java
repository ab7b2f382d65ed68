package org.ioatlab.workload.traffic;

import org.ioatlab.kernel.net.tcp.Persona;

/**
 * What all flows of some traffic have in common.
 *
 * @param port of the machine
 * @param ipv6 whether they go over IPv6
 * @param writeBytes how much a program writes at a time; the last segment of a write carries PSH
 * @param window the most bytes that may be unacknowledged
 * @param persona whose TCP the remote hosts speak
 * @param verification how streams are checked
 */
public record FlowPlan(
        int port, boolean ipv6, int writeBytes, long window, Persona persona, Verification verification) {}
