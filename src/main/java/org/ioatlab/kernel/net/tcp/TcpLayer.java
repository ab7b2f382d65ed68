package org.ioatlab.kernel.net.tcp;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The TCP of one host: its endpoints, and what happens to a segment before one is found for it. Not synchronised: whoever runs the host
 * runs its TCP.
 */
public final class TcpLayer {
    private static final int FIRST_EPHEMERAL_PORT = 32_768;
    private static final int EPHEMERAL_PORTS = 28_232;

    final TcpHost host;
    final Persona persona;
    final TcpSettings settings;
    final TcpCounters counters = new TcpCounters();
    final TcpCosts costs;
    final Output output;
    final EndpointTable endpoints = new EndpointTable();
    private final List<TcpListener> listeners = new ArrayList<>();
    int timeWaits;
    private int nextPort;

    /** TCP for {@code host}. */
    public TcpLayer(TcpHost host, Persona persona, TcpCosts costs) {
        this.host = host;
        this.persona = persona;
        this.costs = costs;
        settings = new TcpSettings(persona);
        output = new Output(this);
    }

    /** How it behaves where kernels differ. */
    public Persona persona() {
        return persona;
    }

    /** What an administrator can set. */
    public TcpSettings settings() {
        return settings;
    }

    /** What has been counted. */
    public TcpCounters counters() {
        return counters;
    }

    /** How many endpoints there are beside listeners: connections in all states. */
    public int endpoints() {
        return endpoints.size();
    }

    /** All connections with their own state, in a fixed order. Allocates. */
    public List<TcpConnection> connections() {
        return endpoints.all(TcpConnection.class);
    }

    /** All that half exists: connections being made. Allocates. */
    public List<SynRequest> synRequests() {
        return endpoints.all(SynRequest.class);
    }

    /** All that has ended and is remembered. Allocates. */
    public List<TimeWait> timeWaits() {
        return endpoints.all(TimeWait.class);
    }

    /** Those who listen, in the order in which they began. */
    public List<TcpListener> listeners() {
        return List.copyOf(listeners);
    }

    /**
     * Takes a segment whose checksum is right ({@code tcp_v4_rcv}); owns it from now on.
     *
     * @param segment decoded, with its addresses
     */
    public void receive(Segment segment, Work on) {
        counters.increment(TcpCounter.IN_SEGS);
        on.spend(costs.receive());
        deliver(segment, on);
    }

    /** Who uses the connection that a segment is for; null if it is for none. */
    public @Nullable TcpUser userOf(Segment segment) {
        return endpoints.find(segment) instanceof TcpConnection connection ? connection.user : null;
    }

    /** A segment with a wrong checksum or an impossible header has come; it stays its owner's. */
    public void receivedBroken() {
        counters.increment(TcpCounter.IN_SEGS);
        counters.increment(TcpCounter.IN_ERRS);
    }

    /**
     * A message says that a segment couldn't be delivered (RFC 5927: believed where its sequence number is under way).
     *
     * @param quoted the first bytes of the segment's header, with the addresses as this end sent them
     * @param errno what to tell the user
     * @param fatal whether the destination said so itself
     */
    public void unreachable(Segment quoted, int errno, boolean fatal, Work on) {
        quoted.swapEnds();
        Endpoint endpoint = endpoints.find(quoted);
        if (endpoint instanceof TcpConnection connection) {
            connection.unreachable(quoted.sequence, errno, fatal, on);
        } else {
            counters.increment(TcpCounter.OUT_OF_WINDOW_ICMPS);
        }
    }

    /**
     * Begins to listen on a port of all addresses.
     *
     * @return null if the port is taken
     */
    public @Nullable TcpListener listen(int port, int backlog, ListenerUser user) {
        if (isListening(port)) {
            return null;
        }
        TcpListener listener = new TcpListener(this, port, backlog, user);
        listeners.add(listener);
        return listener;
    }

    /**
     * Opens a connection actively; its SYN is sent at once.
     *
     * @param localPort 0 to have one chosen
     * @return null if these ends are connected already or no port is free
     */
    public @Nullable TcpConnection connect(
            IpAddress local,
            int localPort,
            IpAddress remote,
            int remotePort,
            TcpOptionsWanted wanted,
            TcpUser user,
            Work on) {
        TcpConnection connection = new TcpConnection(this, user);
        connection.setEnds(
                local, localPort == 0 ? ephemeralPort(local, remote, remotePort) : localPort, remote, remotePort);
        if (connection.localPort == 0 || endpoints.contains(connection)) {
            return null;
        }
        counters.increment(TcpCounter.ACTIVE_OPENS);
        endpoints.add(connection);
        Handshake.open(connection, wanted, on);
        return connection;
    }

    /** Whether somebody listens on that port. */
    public boolean isListening(int port) {
        return listener(port) != null;
    }

    /** The connection between two ends, or null. Allocates. */
    public @Nullable TcpConnection connection(IpAddress local, int localPort, IpAddress remote, int remotePort) {
        PortProbe probe = new PortProbe();
        probe.setEnds(local, localPort, remote, remotePort);
        return endpoints.find(probe) instanceof TcpConnection found ? found : null;
    }

    /** Feeds all endpoints. */
    public void hashInto(StateHash hash) {
        endpoints.hashInto(hash);
        settings.hashInto(hash);
        hash.put(nextPort);
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).hashInto(hash);
        }
    }

    void deliver(Segment segment, Work on) {
        Endpoint endpoint = endpoints.find(segment);
        if (endpoint instanceof TcpConnection connection) {
            connection.user.arrived(connection, segment, on);
        } else if (endpoint instanceof SynRequest request) {
            request.arrived(segment, on);
        } else if (endpoint instanceof TimeWait timeWait) {
            timeWait.arrived(segment, on);
        } else {
            deliverToListener(segment, on);
        }
    }

    void deliverToListener(Segment segment, Work on) {
        TcpListener listener = listener(segment.destinationPort);
        if (listener != null) {
            listener.arrived(segment, on);
        } else {
            output.reset(segment, on);
            host.free(segment, on);
        }
    }

    void remove(TcpListener listener) {
        listeners.remove(listener);
    }

    private @Nullable TcpListener listener(int port) {
        for (int i = 0; i < listeners.size(); i++) {
            TcpListener listener = listeners.get(i);
            if (listener.localPort == port) {
                return listener;
            }
        }
        return null;
    }

    private int ephemeralPort(IpAddress local, IpAddress remote, int remotePort) {
        PortProbe probe = new PortProbe();
        for (int tries = 0; tries < EPHEMERAL_PORTS; tries++) {
            int port = FIRST_EPHEMERAL_PORT + nextPort;
            nextPort = (nextPort + 1) % EPHEMERAL_PORTS;
            probe.setEnds(local, port, remote, remotePort);
            if (!endpoints.contains(probe) && !isListening(port)) {
                return port;
            }
        }
        return 0;
    }

    /** Ends to look for. */
    private static final class PortProbe extends Endpoint {
        @Override
        void hashInto(StateHash hash) {
            hashEndsInto(hash);
        }
    }
}
