package org.ioatlab.kernel.net.ip;

import org.ioatlab.wire.Arp;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.ChecksumStatus;
import org.ioatlab.wire.ChecksumVerifier;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FlowKey;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.MacAddress;
import org.ioatlab.wire.Udp;

/** A frame in a line, so that tests read as transcripts. What is wrong with a checksum is said. */
final class FrameText {
    private FrameText() {}

    static String of(byte[] frame) {
        FrameLayout layout = new FrameLayout();
        layout.parse(frame, 0, frame.length);
        if (layout.isArp()) {
            return arp(frame, layout.networkOffset());
        }
        if (!layout.isIp()) {
            return "type 0x%04x".formatted(layout.etherType());
        }
        FlowKey flow = FlowKey.of(frame, layout);
        return flow.source() + " > " + flow.destination() + fragment(frame, layout) + ": " + transport(frame, layout);
    }

    /** The link address that a frame goes to. */
    static String to(byte[] frame) {
        return new MacAddress(Ethernet.destination(frame, 0)).toString();
    }

    private static String arp(byte[] frame, int at) {
        String sender = IpAddress.ipv4(Arp.senderIpv4(frame, at)).toString();
        String target = IpAddress.ipv4(Arp.targetIpv4(frame, at)).toString();
        return Arp.operation(frame, at) == Arp.REQUEST
                ? "arp who-has " + target + " tell " + sender
                : "arp " + sender + " is-at " + new MacAddress(Arp.senderMac(frame, at)) + " to " + target;
    }

    private static String fragment(byte[] frame, FrameLayout layout) {
        int ip = layout.networkOffset();
        if (layout.isIpv4()) {
            if (ChecksumVerifier.ipv4Header(frame, layout) == ChecksumStatus.BAD) {
                return " BAD HEADER";
            }
            int word = Ipv4.flagsAndOffset(frame, ip);
            boolean part = (word & (Ipv4.FRAGMENT_OFFSET_MASK | Ipv4.MORE_FRAGMENTS)) != 0;
            String more = (word & Ipv4.MORE_FRAGMENTS) != 0 ? "+" : "";
            return part
                    ? " @" + (word & Ipv4.FRAGMENT_OFFSET_MASK) * 8 + more
                    : (word & Ipv4.DONT_FRAGMENT) != 0 ? " DF" : "";
        }
        if (Ipv6.nextHeader(frame, ip) == IpProtocol.FRAGMENT) {
            int header = ip + Ipv6.HEADER_LENGTH;
            return " @" + Ipv6.fragmentOffset(frame, header) + (Ipv6.moreFragments(frame, header) ? "+" : "");
        }
        return "";
    }

    private static String transport(byte[] frame, FrameLayout layout) {
        int at = layout.transportOffset();
        int length = layout.transportLength();
        if (layout.isFragment()) {
            return length + " bytes";
        }
        return switch (layout.transportProtocol()) {
            case IpProtocol.ICMP -> icmp(frame, at, length, 0);
            case IpProtocol.ICMPV6 ->
                icmp(
                        frame,
                        at,
                        length,
                        InternetChecksum.pseudoHeaderIpv6(frame, layout.networkOffset(), IpProtocol.ICMPV6, length));
            case IpProtocol.UDP ->
                "udp " + Udp.sourcePort(frame, at) + " > " + Udp.destinationPort(frame, at) + " "
                        + (length - Udp.HEADER_LENGTH)
                        + (ChecksumVerifier.transport(frame, layout) == ChecksumStatus.GOOD ? "" : " BAD");
            default -> "protocol " + layout.transportProtocol() + " " + length;
        };
    }

    private static String icmp(byte[] frame, int at, int length, int pseudo) {
        int type = BigEndian.u8(frame, at);
        int code = BigEndian.u8(frame, at + 1);
        boolean good = InternetChecksum.add(pseudo, InternetChecksum.sum(frame, at, length)) == 0xffff;
        return "icmp " + type + "/" + code + " " + length + (good ? "" : " BAD");
    }
}
