package org.ioatlab.lab;

/**
 * The point at which a journal was taken.
 *
 * @param nowPs virtual time
 * @param fired events fired so far
 * @param digest of the machine's whole state
 */
public record JournalEnd(long nowPs, long fired, String digest) {}
