package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;

/** How a connection comes about: what both ends offer, and what is agreed (RFC 9293, 3.5). */
final class Handshake {
    /** What an end takes that doesn't say (RFC 9293, 3.7.1). */
    static final int DEFAULT_SEGMENT = 536;

    private static final int LEAST_SEGMENT = 8;
    private static final int LARGEST_UNSCALED = 65_535;

    private Handshake() {}

    /** What the other end's SYN says of the longest segment that it takes. */
    static int segmentOf(Segment syn) {
        return syn.maximumSegmentSize > 0 ? syn.maximumSegmentSize : DEFAULT_SEGMENT;
    }

    /** Opens actively: offers everything and sends the SYN. */
    static void open(TcpConnection connection, TcpOptionsWanted wanted, Work on) {
        TcpLayer tcp = connection.tcp;
        connection.ownSegment = SynRequest.ownSegment(tcp, connection, wanted);
        connection.timestamps = tcp.settings.timestamps;
        connection.selectiveAcks = tcp.settings.sack;
        connection.scaling = tcp.settings.windowScaling;
        offerWindow(connection, wanted);
        Sender sender = connection.sender;
        sender.segmentBytes = connection.ownSegment;
        sender.begin(tcp.host.randomBits());
        connection.state = TcpState.SYN_SENT;
        sender.sent.add(sender.next, sender.next + 1, SentQueue.SYN, on.nowPs());
        sender.next++;
        sender.lastHeardPs = on.nowPs();
        tcp.output.handshake(connection, on);
        sender.timers.ensureRetransmit(on);
    }

    private static void offerWindow(TcpConnection connection, TcpOptionsWanted wanted) {
        TcpLayer tcp = connection.tcp;
        Receiver receiver = connection.receiver;
        int buffer = SynRequest.buffer(tcp, wanted);
        int clamp = wanted.windowClamp() > 0 ? wanted.windowClamp() : Integer.MAX_VALUE;
        int scale = connection.scaling ? InitialWindow.scale(tcp, buffer) : 0;
        connection.receiveScale = scale;
        receiver.windows.setBuffer(buffer, wanted.receiveBuffer() > 0);
        receiver.windows.clamp = clamp;
        receiver.window = InitialWindow.window(tcp, buffer, clamp, connection.ownSegment, scale);
        receiver.windows.threshold = receiver.window;
    }

    /** Takes over what a listener's handshake has come to; {@code last} is the segment that ends it. */
    static void openedBy(TcpConnection connection, SynRequest request, Segment last) {
        connection.setEnds(request);
        connection.ownSegment = request.ownSegment;
        connection.peerSegment = request.peerSegment;
        connection.timestamps = request.timestamps;
        connection.selectiveAcks = request.sack;
        connection.scaling = request.scaling;
        connection.sendScale = request.sendScale;
        connection.receiveScale = request.receiveScale;
        connection.recentTimestamp = request.recentTimestamp;
        connection.recentPs = request.recentPs;
        TcpOptionsWanted wanted = request.listener.wanted;
        ReceiveWindow windows = connection.receiver.windows;
        windows.setBuffer(SynRequest.buffer(connection.tcp, wanted), wanted.receiveBuffer() > 0);
        windows.clamp = request.clamp;
        windows.threshold = request.window;
        startReceiving(connection, request.peerSequence, request.window);
        startSending(connection.sender, request, last.window << request.sendScale);
        connection.state = TcpState.SYN_RECV;
        agreed(connection);
    }

    private static void startSending(Sender sender, SynRequest request, int window) {
        sender.begin(request.ownSequence);
        sender.next++;
        int repeated = request.retries > 0 ? SentQueue.EVER : 0;
        sender.sent.add(sender.unacknowledged, sender.next, SentQueue.SYN | repeated, request.sentPs);
        sender.window = window;
        sender.largestWindow = window;
    }

    /** The other end's SYN has come to one who opened actively: what it doesn't offer isn't used. */
    static void answered(TcpConnection connection, Segment syn, Work on) {
        Receiver receiver = connection.receiver;
        connection.peerSegment = segmentOf(syn);
        connection.timestamps &= syn.hasTimestamps;
        connection.selectiveAcks &= syn.sackPermitted;
        connection.scaling &= syn.windowScale >= 0;
        connection.sendScale = connection.scaling ? syn.windowScale : 0;
        if (!connection.scaling) {
            connection.receiveScale = 0;
            receiver.windows.clamp = Math.min(receiver.windows.clamp, LARGEST_UNSCALED);
        }
        if (connection.timestamps) {
            connection.recentTimestamp = syn.timestampValue;
            connection.recentPs = on.nowPs();
        }
        startReceiving(connection, syn.sequence, receiver.window);
        agreed(connection);
    }

    private static void startReceiving(TcpConnection connection, int peerSequence, int window) {
        Receiver receiver = connection.receiver;
        receiver.next = peerSequence + 1;
        receiver.copied = receiver.next;
        receiver.told = receiver.next;
        receiver.window = window;
    }

    /** Both ends' options are known: sizes follow. */
    private static void agreed(TcpConnection connection) {
        int options = connection.timestamps ? OptionWriter.TIMESTAMPS_LENGTH : 0;
        connection.headerLength = TcpConnection.PLAIN_HEADER + options;
        int path = connection.segmentBytes(connection.tcp.host.mtu(connection));
        connection.sender.segmentBytes = Math.max(Math.min(path, connection.peerSegment) - options, LEAST_SEGMENT);
    }
}
