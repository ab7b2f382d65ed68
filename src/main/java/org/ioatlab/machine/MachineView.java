package org.ioatlab.machine;

/**
 * A machine at a glance.
 *
 * @param spec what it was made from
 * @param nowNs its clock
 * @param idle whether no foreground event is pending
 * @param eventsFired so far
 * @param digest of its whole state
 */
public record MachineView(MachineSpec spec, long nowNs, boolean idle, long eventsFired, String digest) {}
