package org.ioatlab.kernel.net;

import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.FunctionCosts;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/** From the driver to the protocols: {@code eth_type_trans} and {@code netif_receive_skb}. */
public final class NetifReceive {
    /** {@link SocketBuffer#protocol()} of an 802.3 frame whose type field is a length (ETH_P_802_2). */
    public static final int PROTOCOL_802_2 = 0x0004;

    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;

    private final PhysicalMemory memory;
    private final SocketBuffers buffers;
    private final int device;
    private final @Nullable PacketTap tap;
    private final Map<Integer, PacketHandler> handlers = new TreeMap<>();
    private int[] protocols = {};
    private PacketHandler[] byProtocol = {};
    private final long typeCycles;
    private final CostList dispatch;

    /**
     * What an interface's driver hands packets to.
     *
     * @param device the interface's number
     * @param tap who sees every packet before its protocol does, if anybody
     */
    public NetifReceive(SocketBuffers buffers, Platform platform, int device, @Nullable PacketTap tap) {
        memory = buffers.memory().bytes();
        this.buffers = buffers;
        this.device = device;
        this.tap = tap;
        typeCycles = platform.get(Parameter.ETHERNET_TYPE_CYCLES);
        dispatch = dispatch(platform, tap != null);
    }

    /** Lets {@code handler} take packets of {@code protocol}, an EtherType ({@code dev_add_pack}). */
    public void onProtocol(int protocol, PacketHandler handler) {
        handlers.put(protocol, handler);
        protocols = handlers.keySet().stream().mapToInt(Integer::intValue).toArray();
        byProtocol = handlers.values().toArray(PacketHandler[]::new);
    }

    /** A packet socket has every packet stamped with the time. */
    private static CostList dispatch(Platform platform, boolean stamped) {
        FunctionCosts costs = platform.functions().add(Symbol.NETIF_RECEIVE_SKB, Parameter.PACKET_DISPATCH_CYCLES);
        if (stamped) {
            costs.add(Symbol.DO_GETTIMEOFDAY, Parameter.DO_GETTIMEOFDAY_CYCLES)
                    .add(Symbol.GET_OFFSET_TSC, Parameter.GET_OFFSET_TSC_CYCLES);
        }
        return costs.list();
    }

    /** Hands a packet, as the driver has it, to whoever takes its protocol. */
    void receive(SocketBuffer packet, long ownAddress, Processor on) {
        typeOf(packet, ownAddress, on);
        on.spend(dispatch);
        packet.cpu = on.cpu().id();
        packet.receivedPs = on.cpu().cursorPs();
        packet.device = device;
        if (tap != null) {
            tap.listen(packet, on);
        }
        PacketHandler handler = handlerOf(packet);
        if (handler == null) {
            buffers.free(packet, on);
        } else {
            handler.receive(packet, on);
        }
    }

    /** Feeds what the tap holds; handlers may be of several interfaces and are fed by their owners. */
    public void hashInto(StateHash hash) {
        if (tap != null) {
            tap.hashInto(hash);
        }
    }

    private void typeOf(SocketBuffer packet, long ownAddress, Processor on) {
        on.spend(Symbol.ETH_TYPE_TRANS, typeCycles);
        long address = packet.dataAddress();
        on.read(Symbol.ETH_TYPE_TRANS, MemoryUse.HEADER, address, Ethernet.HEADER_LENGTH);
        byte[] page = memory.read((int) (address >> PhysicalMemory.PAGE_SHIFT));
        int at = (int) address & PAGE_MASK;
        packet.link = packet.data;
        packet.pull(Ethernet.HEADER_LENGTH);
        packet.network = packet.data;
        int type = Ethernet.type(page, at);
        packet.protocol = type >= Ethernet.MIN_ETHER_TYPE ? type : PROTOCOL_802_2;
        packet.destination = destination(BigEndian.u48(page, at), ownAddress);
    }

    private static SocketBuffer.Destination destination(long address, long ownAddress) {
        if (address == ownAddress) {
            return SocketBuffer.Destination.HOST;
        }
        if (!MacAddress.isGroup(address)) {
            return SocketBuffer.Destination.OTHER_HOST;
        }
        return address == MacAddress.BROADCAST.bits()
                ? SocketBuffer.Destination.BROADCAST
                : SocketBuffer.Destination.MULTICAST;
    }

    /** Nobody takes packets of a VLAN: none is configured. */
    private @Nullable PacketHandler handlerOf(SocketBuffer packet) {
        for (int i = 0; i < protocols.length && packet.vlanTag == SocketBuffer.NO_TAG; i++) {
            if (protocols[i] == packet.protocol) {
                return byProtocol[i];
            }
        }
        return null;
    }
}
