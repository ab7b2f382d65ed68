package org.ioatlab.kernel.net;

import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.MacAddress;

/** The interface of one port: what its driver's settings make of it, and its addresses. */
public final class EthernetDevice implements NetDevice {
    private final E1000Driver driver;
    private final int index;
    private final IpAddress ipv4;
    private final IpAddress ipv6;

    /** @param index its number among the machine's interfaces, from 0 */
    public EthernetDevice(E1000Driver driver, int index, IpAddress ipv4, IpAddress ipv6) {
        this.driver = driver;
        this.index = index;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    @Override
    public String name() {
        return driver.port().interfaceName();
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public MacAddress address() {
        return driver.address();
    }

    @Override
    public int mtu() {
        return driver.settings().mtu();
    }

    @Override
    public IpAddress ipv4() {
        return ipv4;
    }

    @Override
    public IpAddress ipv6() {
        return ipv6;
    }

    @Override
    public boolean insertsChecksums() {
        return driver.settings().checksumOffload();
    }

    @Override
    public boolean segmentsTcp() {
        return driver.settings().tso() && insertsChecksums();
    }

    @Override
    public boolean transmit(SocketBuffer packet, Processor on) {
        return driver.transmitQueue().transmit(packet, on);
    }
}
