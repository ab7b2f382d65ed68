package org.ioatlab.lab;

/**
 * Where an advance ended.
 *
 * @param nowNs virtual time
 * @param eventsFired by this advance
 * @param stoppedBy why it ended
 * @param digest of the machine's whole state
 */
public record AdvanceResult(long nowNs, long eventsFired, StoppedBy stoppedBy, String digest) {}
