package org.ioatlab.workload.host;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.wire.Wire;
import org.jspecify.annotations.Nullable;

/** The remote hosts of a port's network: made as they are needed, with the addresses behind the port's own. */
public final class RemoteHosts {
    /** The most hosts of a network. */
    public static final int MOST_HOSTS = 16;

    private final EventLoop loop;
    private final Wire wire;
    private final long seed;
    private final List<RemoteHost> hosts = new ArrayList<>();

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

    /** The hosts there are. */
    public List<RemoteHost> hosts() {
        return List.copyOf(hosts);
    }

    /** How many hosts there are. */
    public int count() {
        return hosts.size();
    }

    /**
     * The host at place {@code index}, from 0 on, of those that behave so; made if it isn't there. The first host of all has the address behind
     * the port's.
     *
     * @return null if there are {@link #MOST_HOSTS} others
     */
    public @Nullable RemoteHost get(Persona persona, int index) {
        int place = 0;
        for (RemoteHost host : hosts) {
            if (host.tcp().persona() == persona && place++ == index) {
                return host;
            }
        }
        return hosts.size() == MOST_HOSTS ? null : make(persona);
    }

    private RemoteHost make(Persona persona) {
        RemoteHost host = new RemoteHost(
                loop,
                wire,
                address(wire.machine().ipv4(), hosts.size()),
                address(wire.machine().ipv6(), hosts.size()),
                persona,
                seed);
        hosts.add(host);
        wire.plugIn(host);
        return host;
    }

    /** Feeds all hosts. */
    public void hashInto(StateHash hash) {
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
