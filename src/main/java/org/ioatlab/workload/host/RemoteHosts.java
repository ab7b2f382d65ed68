package org.ioatlab.workload.host;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.wire.Wire;

/** The remote hosts of a port's network: made as they are needed, with the addresses behind the port's own. */
public final class RemoteHosts {
    /** The most hosts of a network. */
    public static final int MOST_HOSTS = 16;

    private final EventLoop loop;
    private final Wire wire;
    private final long seed;
    private final List<RemoteHost> hosts = new ArrayList<>();
    private Persona persona = Persona.LINUX_MODERN;

    /** No hosts yet. */
    public RemoteHosts(EventLoop loop, Wire wire, long seed) {
        this.loop = loop;
        this.wire = wire;
        this.seed = seed;
    }

    /** The wire that they are on. */
    public Wire wire() {
        return wire;
    }

    /** How hosts that are made from now on behave. */
    public void setPersona(Persona choices) {
        persona = choices;
    }

    /** How hosts that are made from now on behave. */
    public Persona persona() {
        return persona;
    }

    /** The hosts there are. */
    public List<RemoteHost> hosts() {
        return List.copyOf(hosts);
    }

    /** How many hosts there are. */
    public int count() {
        return hosts.size();
    }

    /** The host at {@code index}, 0 to {@link #MOST_HOSTS} - 1: the first has the address behind the port's. */
    public RemoteHost get(int index) {
        while (hosts.size() <= index) {
            RemoteHost host = new RemoteHost(
                    loop,
                    wire,
                    address(wire.machine().ipv4(), hosts.size()),
                    address(wire.machine().ipv6(), hosts.size()),
                    persona,
                    seed);
            hosts.add(host);
            wire.plugIn(host);
        }
        return hosts.get(index);
    }

    /** Feeds all hosts. */
    public void hashInto(StateHash hash) {
        hash.put(persona.name());
        hash.put(hosts.size());
        for (RemoteHost host : hosts) {
            host.hashInto(hash);
        }
    }

    private static IpAddress address(IpAddress machine, int index) {
        long low = machine.low() + 1 + index;
        return machine.isIpv4() ? IpAddress.ipv4((int) low) : IpAddress.ipv6(machine.high(), low);
    }
}
