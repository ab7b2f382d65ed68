package org.ioatlab.kernel.net.socket;

import org.ioatlab.time.StateHash;

/** What {@code setsockopt()} has set on a socket; a listening socket's go to those that it accepts. */
final class SocketOptions {
    boolean reuseAddress;
    boolean keepAlive;
    boolean lingers;
    int lingerSeconds;
    boolean urgentInline;
    int receiveLowWater = 1;

    /** How long a read waits, 0 for ever. */
    long receiveTimeoutPs;

    /** How long a write or an accept waits, 0 for ever. */
    long sendTimeoutPs;

    /** Bytes as the kernel keeps them; 0 while the default holds. */
    int receiveBuffer;

    int sendBuffer;
    boolean noDelay;
    boolean corked;
    boolean quickAck = true;
    boolean quickAckSet;
    int segmentBytes;
    int windowClamp;
    int deferAcceptSeconds;
    int keepIdleSeconds = -1;
    int keepIntervalSeconds = -1;
    int keepCount = -1;
    int linger2Seconds;
    int synRetries;

    /** Takes over what a listening socket has. */
    void inherit(SocketOptions other) {
        reuseAddress = other.reuseAddress;
        keepAlive = other.keepAlive;
        lingers = other.lingers;
        lingerSeconds = other.lingerSeconds;
        urgentInline = other.urgentInline;
        receiveLowWater = other.receiveLowWater;
        receiveTimeoutPs = other.receiveTimeoutPs;
        sendTimeoutPs = other.sendTimeoutPs;
        receiveBuffer = other.receiveBuffer;
        sendBuffer = other.sendBuffer;
        noDelay = other.noDelay;
        corked = other.corked;
        quickAck = other.quickAck;
        quickAckSet = other.quickAckSet;
        segmentBytes = other.segmentBytes;
        windowClamp = other.windowClamp;
        keepIdleSeconds = other.keepIdleSeconds;
        keepIntervalSeconds = other.keepIntervalSeconds;
        keepCount = other.keepCount;
        linger2Seconds = other.linger2Seconds;
    }

    void hashInto(StateHash hash) {
        hash.put(reuseAddress);
        hash.put(keepAlive);
        hash.put(lingers);
        hash.put(urgentInline);
        hash.put(noDelay);
        hash.put(corked);
        hash.put(quickAck);
        hash.put((long) lingerSeconds << Integer.SIZE | receiveLowWater);
        hash.put(receiveTimeoutPs);
        hash.put(sendTimeoutPs);
        hash.put((long) receiveBuffer << Integer.SIZE | sendBuffer);
        hash.put((long) segmentBytes << Integer.SIZE | windowClamp);
        hash.put((long) deferAcceptSeconds << Integer.SIZE | linger2Seconds);
        hash.put((long) keepIdleSeconds << Integer.SIZE | (keepIntervalSeconds & 0xffffL));
        hash.put((long) keepCount << Integer.SIZE | synRetries);
    }
}
