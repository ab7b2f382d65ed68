package org.ioatlab.lab;

/**
 * What a fleet's machines take together.
 *
 * @param machines how many there are
 * @param running how many of them have a running clock
 * @param backedBytes of the host behind their memory
 * @param journalBytes of their journals, by estimate
 */
public record FleetFigures(int machines, int running, long backedBytes, long journalBytes) {}
