package org.ioatlab.kernel.net;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.nic.TransmitDescriptor;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Tcp;

/**
 * What a packet asks of the controller, as a context descriptor and the options of its data descriptors. Before the controller cuts a packet
 * its headers lose their lengths and checksums, and the pseudo header's sum without a length takes the checksum's place ({@code e1000_tso}).
 */
final class TransmitOffload {
    private static final int TCP_CHECKSUM_OFFSET = 16;
    private static final int IPV4_CHECKSUM_OFFSET = 10;
    private static final int VERSION_SHIFT = 4;

    private final PhysicalMemory memory;
    private final byte[] header = new byte[Math.max(Ipv6.HEADER_LENGTH, Tcp.MAX_HEADER_LENGTH)];
    private long first;
    private long second;

    TransmitOffload(PhysicalMemory memory) {
        this.memory = memory;
    }

    boolean isWanted(SocketBuffer packet) {
        return packet.checksum == SocketBuffer.Checksum.HARDWARE;
    }

    /** The context's first word. */
    long first() {
        return first;
    }

    /** The context's second word. */
    long second() {
        return second;
    }

    /** Makes the context; answers the options. */
    long prepare(SocketBuffer packet) {
        int transport = packet.checksumStart();
        boolean tcp = packet.checksumOffset == TCP_CHECKSUM_OFFSET;
        first = (long) transport << TransmitDescriptor.TRANSPORT_START_SHIFT
                | (long) (transport + packet.checksumOffset) << TransmitDescriptor.TRANSPORT_CHECKSUM_SHIFT;
        second = TransmitDescriptor.EXTENDED | (tcp ? TransmitDescriptor.TCP : 0);
        long options = TransmitDescriptor.INSERT_TRANSPORT_CHECKSUM;
        return packet.segmentBytes > 0 && tcp ? options | prepareSegments(packet, transport) : options;
    }

    private long prepareSegments(SocketBuffer packet, int transport) {
        long data = packet.dataAddress();
        int ip = ipStart(data);
        int headers = transport + tcpHeaderLength(data + transport);
        memory.read(data + ip, header, 0, transport - ip > Ipv6.HEADER_LENGTH ? Ipv6.HEADER_LENGTH : transport - ip);
        boolean ipv4 = (header[0] & 0xff) >>> VERSION_SHIFT == Ipv4.VERSION;
        int sum = ipv4
                ? InternetChecksum.pseudoHeaderIpv4(header, 0, IpProtocol.TCP, 0)
                : InternetChecksum.pseudoHeaderIpv6(header, 0, IpProtocol.TCP, 0);
        if (ipv4) {
            Ipv4.setTotalLength(header, 0, 0);
            Ipv4.setChecksum(header, 0, 0);
        } else {
            Ipv6.setPayloadLength(header, 0, 0);
        }
        memory.write(data + ip, header, 0, ipv4 ? Ipv4.MIN_HEADER_LENGTH : Ipv6.HEADER_LENGTH);
        BigEndian.put16(header, 0, sum);
        memory.write(data + transport + TCP_CHECKSUM_OFFSET, header, 0, Short.BYTES);
        first |= ip
                | (long) (ip + IPV4_CHECKSUM_OFFSET) << TransmitDescriptor.IP_CHECKSUM_SHIFT
                | (long) (transport - 1) << TransmitDescriptor.IP_END_SHIFT;
        second |= TransmitDescriptor.SEGMENT
                | (ipv4 ? TransmitDescriptor.IPV4 : 0)
                | packet.length() - headers
                | (long) headers << TransmitDescriptor.HEADER_LENGTH_SHIFT
                | (long) packet.segmentBytes << TransmitDescriptor.SEGMENT_BYTES_SHIFT;
        return TransmitDescriptor.SEGMENT | (ipv4 ? TransmitDescriptor.INSERT_IP_CHECKSUM : 0);
    }

    /** Where the IP header begins: behind the Ethernet header and its tag, if it has one. */
    private int ipStart(long data) {
        memory.read(data, header, 0, Ethernet.HEADER_LENGTH);
        boolean tagged = Ethernet.isVlanType(Ethernet.type(header, 0));
        return Ethernet.HEADER_LENGTH + (tagged ? Ethernet.VLAN_TAG_LENGTH : 0);
    }

    private int tcpHeaderLength(long tcp) {
        memory.read(tcp, header, 0, Tcp.MIN_HEADER_LENGTH);
        return Tcp.headerLength(header, 0);
    }
}
