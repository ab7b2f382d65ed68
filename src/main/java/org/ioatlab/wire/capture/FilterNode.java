package org.ioatlab.wire.capture;

import org.ioatlab.wire.Arp;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Tcp;

/** One condition of a filter expression, judged without allocating. */
sealed interface FilterNode {
    boolean matches(byte[] frame, FrameLayout layout);

    /** The host condition of an address of either family. */
    static FilterNode host(Side side, IpAddress address) {
        return address.isIpv4()
                ? new Ipv4Host(side, address.ipv4Bits())
                : new Ipv6Host(side, address.high(), address.low());
    }

    /** Which end of the conversation a condition looks at. */
    enum Side {
        EITHER,
        SOURCE,
        DESTINATION;

        boolean source() {
            return this != DESTINATION;
        }

        boolean destination() {
            return this != SOURCE;
        }
    }

    record And(FilterNode left, FilterNode right) implements FilterNode {
        @Override
        public boolean matches(byte[] frame, FrameLayout layout) {
            return left.matches(frame, layout) && right.matches(frame, layout);
        }
    }

    record Or(FilterNode left, FilterNode right) implements FilterNode {
        @Override
        public boolean matches(byte[] frame, FrameLayout layout) {
            return left.matches(frame, layout) || right.matches(frame, layout);
        }
    }

    record Not(FilterNode operand) implements FilterNode {
        @Override
        public boolean matches(byte[] frame, FrameLayout layout) {
            return !operand.matches(frame, layout);
        }
    }

    record EtherType(int type) implements FilterNode {
        @Override
        public boolean matches(byte[] frame, FrameLayout layout) {
            return layout.etherType() == type;
        }
    }

    record Protocol(int number) implements FilterNode {
        @Override
        public boolean matches(byte[] frame, FrameLayout layout) {
            return layout.transportProtocol() == number;
        }
    }

    /** {@code id} is {@link FrameLayout#NONE} for any tag. */
    record Vlan(int id) implements FilterNode {
        @Override
        public boolean matches(byte[] frame, FrameLayout layout) {
            return layout.hasVlanTag() && (id == FrameLayout.NONE || layout.vlanId() == id);
        }
    }

    record AtLeast(int length) implements FilterNode {
        @Override
        public boolean matches(byte[] frame, FrameLayout layout) {
            return layout.frameLength() >= length;
        }
    }

    record AtMost(int length) implements FilterNode {
        @Override
        public boolean matches(byte[] frame, FrameLayout layout) {
            return layout.frameLength() <= length;
        }
    }

    /** Both TCP and UDP begin with the two ports. */
    record Port(Side side, int port) implements FilterNode {
        @Override
        public boolean matches(byte[] frame, FrameLayout layout) {
            int at = layout.transportOffset();
            return layout.hasTransportHeader()
                    && ((side.source() && Tcp.sourcePort(frame, at) == port)
                            || (side.destination() && Tcp.destinationPort(frame, at) == port));
        }
    }

    /** An IPv4 address also matches the sender or target of ARP. */
    record Ipv4Host(Side side, int address) implements FilterNode {
        @Override
        public boolean matches(byte[] frame, FrameLayout layout) {
            int at = layout.networkOffset();
            if (layout.isIpv4()) {
                return either(Ipv4.source(frame, at), Ipv4.destination(frame, at));
            }
            return layout.isArp()
                    && Arp.protocolType(frame, at) == Ethernet.TYPE_IPV4
                    && either(Arp.senderIpv4(frame, at), Arp.targetIpv4(frame, at));
        }

        private boolean either(int source, int destination) {
            return (side.source() && source == address) || (side.destination() && destination == address);
        }
    }

    record Ipv6Host(Side side, long high, long low) implements FilterNode {
        @Override
        public boolean matches(byte[] frame, FrameLayout layout) {
            int at = layout.networkOffset();
            return layout.isIpv6()
                    && ((side.source() && isAddress(Ipv6.sourceHigh(frame, at), Ipv6.sourceLow(frame, at)))
                            || (side.destination()
                                    && isAddress(Ipv6.destinationHigh(frame, at), Ipv6.destinationLow(frame, at))));
        }

        private boolean isAddress(long otherHigh, long otherLow) {
            return high == otherHigh && low == otherLow;
        }
    }
}
