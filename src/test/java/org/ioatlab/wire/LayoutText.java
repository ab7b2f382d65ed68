package org.ioatlab.wire;

/** A layout as one line, for transcripts: {@code ipv4 14-34 tcp 34-54 payload 54-64}. */
final class LayoutText {
    private LayoutText() {}

    static String of(byte[] frame) {
        FrameLayout layout = new FrameLayout();
        layout.parse(frame, 0, frame.length);
        return of(layout);
    }

    static String of(FrameLayout layout) {
        StringBuilder text = new StringBuilder();
        text.append(layout.hasVlanTag() ? "vlan " + layout.vlanId() + " " : "");
        text.append(network(layout));
        text.append(layout.hasExtensionHeaders() ? " extensions" : "");
        text.append(layout.isFragment() ? layout.isLaterFragment() ? " later-fragment" : " first-fragment" : "");
        text.append(transport(layout));
        text.append(" payload ").append(layout.payloadOffset());
        text.append('-').append(layout.payloadOffset() + layout.payloadLength());
        text.append(layout.isTruncated() ? " truncated" : "");
        text.append(layout.isMalformed() ? " malformed" : "");
        return text.toString();
    }

    private static String network(FrameLayout layout) {
        String range = " " + layout.networkOffset() + "-" + layout.networkHeaderEnd();
        if (layout.isIp()) {
            return (layout.isIpv4() ? "ipv4" : "ipv6") + range;
        }
        return layout.isArp() ? "arp" : "type " + Integer.toHexString(layout.etherType());
    }

    private static String transport(FrameLayout layout) {
        String range = " " + layout.transportOffset() + "-" + layout.transportHeaderEnd();
        if (layout.hasTransportHeader()) {
            return (layout.isTcp() ? " tcp" : " udp") + range;
        }
        return layout.transportProtocol() == FrameLayout.NONE ? "" : " proto " + layout.transportProtocol();
    }
}
