package org.ioatlab.workload.traffic;

/** What remote hosts can do to a machine. */
public enum TrafficType {
    /** Streams of bytes, as netperf's test of that name sends them. */
    TCP_STREAM,
    /** Datagrams. */
    UDP_STREAM,
    /** Requests, each sent when the answer to the one before has come. */
    TCP_REQUEST_RESPONSE,
    /** Many connections, opened and closed one after another. */
    TCP_CONNECTIONS,
    /** A port on which a remote host listens: it reads what the machine connects and sends. */
    TCP_LISTEN,
    /** The client's side of a captured conversation. */
    TCP_REPLAY
}
