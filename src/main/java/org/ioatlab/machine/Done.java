package org.ioatlab.machine;

/**
 * The answer of a command that has nothing else to tell.
 *
 * @param nowNs the machine's clock when it returned
 */
public record Done(long nowNs) {}
