package org.ioatlab.workload.traffic;

/** Where a connection of some traffic stands. */
public enum FlowState {
    /** Its turn hasn't come. */
    WAITING,
    /** The handshake is under way. */
    CONNECTING,
    /** Data flow. */
    OPEN,
    /** All data have been acknowledged and the end is under way. */
    CLOSING,
    /** All that was to be sent has been acknowledged, the end included. */
    DONE,
    /** The connection has ended too early. */
    FAILED
}
