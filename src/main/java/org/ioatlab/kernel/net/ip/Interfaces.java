package org.ioatlab.kernel.net.ip;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.net.NetDevice;

/**
 * The machine's interfaces with their addresses, and the routes that follow from them: the network of each interface (24 bits of IPv4, 64 of
 * IPv6), and for the rest of the world the interface that its packets came in by, where every host is taken for a neighbour.
 */
public final class Interfaces {
    private static final int NETWORK_MASK = 0xffff_ff00;
    private static final int HOST_MASK = 0xff;
    private static final int LIMITED_BROADCAST = -1;
    private static final int ALL_HOSTS = 0xe000_0001;
    private static final long ALL_NODES_HIGH = 0xff02L << 48;
    private static final long SOLICITED_NODE_LOW = 0x1_ff00_0000L;
    private static final long SOLICITED_NODE_MASK = 0xff_ffffL;
    private static final long INTERFACE_LOCAL_HIGH = 0xff01L << 48;

    private final List<NetDevice> devices = new ArrayList<>();
    private int[] ipv4 = {};
    private long[] ipv6High = {};
    private long[] ipv6Low = {};
    private long[] mac = {};

    void add(NetDevice device) {
        if (device.index() != devices.size()) {
            throw new IllegalArgumentException(device.name() + " comes out of turn");
        }
        devices.add(device);
        ipv4 = devices.stream().mapToInt(each -> each.ipv4().ipv4Bits()).toArray();
        ipv6High = devices.stream().mapToLong(each -> each.ipv6().high()).toArray();
        ipv6Low = devices.stream().mapToLong(each -> each.ipv6().low()).toArray();
        mac = devices.stream().mapToLong(each -> each.address().bits()).toArray();
    }

    /** How many there are. */
    public int count() {
        return devices.size();
    }

    /** The interface of that number. */
    public NetDevice device(int index) {
        return devices.get(index);
    }

    /** Whether an address is the machine's own. */
    public boolean isOwn(boolean ipv6, long high, long low) {
        return ipv6 ? isOwnIpv6(high, low) : isOwnIpv4((int) low);
    }

    /** Whether an IPv4 address is that of any interface. */
    public boolean isOwnIpv4(int address) {
        for (int own : ipv4) {
            if (own == address) {
                return true;
            }
        }
        return false;
    }

    /** Whether an IPv6 address is that of any interface. */
    public boolean isOwnIpv6(long high, long low) {
        for (int i = 0; i < ipv6Low.length; i++) {
            if (ipv6Low[i] == low && ipv6High[i] == high) {
                return true;
            }
        }
        return false;
    }

    /** Whether an IPv4 address means everybody: on the link, or on the network of an interface. */
    public boolean isBroadcast(int address) {
        if (address == LIMITED_BROADCAST) {
            return true;
        }
        int host = address & HOST_MASK;
        if (host != HOST_MASK && host != 0) {
            return false;
        }
        for (int own : ipv4) {
            if ((own & NETWORK_MASK) == (address & NETWORK_MASK)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an IPv4 group has been joined: the one of all hosts. */
    static boolean isJoined(int group) {
        return group == ALL_HOSTS;
    }

    /** Whether an IPv6 group has been joined: those of all nodes, and of the nodes that a solicitation for an own address is for. */
    boolean isJoined(long high, long low) {
        if (high != ALL_NODES_HIGH) {
            return high == INTERFACE_LOCAL_HIGH && low == 1;
        }
        return low == 1 || isSolicitedNode(low);
    }

    private boolean isSolicitedNode(long low) {
        for (long own : ipv6Low) {
            if (low == solicitedNodeLow(own)) {
                return true;
            }
        }
        return false;
    }

    /** The lower half of the group that a neighbour solicitation goes to (RFC 4291, 2.7.1). */
    static long solicitedNodeLow(long targetLow) {
        return SOLICITED_NODE_LOW | (targetLow & SOLICITED_NODE_MASK);
    }

    /** The upper half of every group of the link. */
    static long linkGroupHigh() {
        return ALL_NODES_HIGH;
    }

    static boolean isMulticast(boolean ipv6, long high, long low) {
        return ipv6 ? high >>> 56 == 0xff : low >>> 28 == 0xe;
    }

    long mac(int index) {
        return mac[index];
    }

    int ipv4(int index) {
        return ipv4[index];
    }

    long ipv6High(int index) {
        return ipv6High[index];
    }

    long ipv6Low(int index) {
        return ipv6Low[index];
    }

    /** The interface on whose network an address lies; {@code otherwise} for the rest of the world. */
    int route(boolean ipv6, long high, long low, int otherwise) {
        for (int i = 0; i < ipv4.length; i++) {
            boolean near = ipv6 ? ipv6High[i] == high : ((ipv4[i] ^ (int) low) & NETWORK_MASK) == 0;
            if (near) {
                return i;
            }
        }
        return otherwise;
    }
}
