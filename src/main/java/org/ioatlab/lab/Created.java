package org.ioatlab.lab;

/**
 * The answer to a creation.
 *
 * @param machine the machine
 * @param fresh false if an equal one of that name was there already
 */
public record Created(MachineHandle machine, boolean fresh) {}
