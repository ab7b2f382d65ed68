package org.ioatlab.rest.traffic;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.ioatlab.machine.CommandForms;
import org.ioatlab.machine.KernelSpec;
import org.ioatlab.machine.TrafficCommand;
import org.ioatlab.rest.json.Fraction;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * What remote hosts are to do.
 *
 * @param type TCP_STREAM, UDP_STREAM, TCP_REQUEST_RESPONSE, TCP_CONNECTIONS or TCP_LISTEN; TCP_REPLAY takes a capture file instead
 * @param nic the port; eth0 without it
 * @param streams flows at a time, 1 to 10 000; 1 without it
 * @param bytes payload of each flow; 1 MiB if there is no duration either; for TCP_LISTEN what the host sends, nothing without it
 * @param duration how long flows send
 * @param payloadBytes payload of a datagram; of a TCP stream, how much is written at a time
 * @param rateMbps payload of all flows together; as fast as can be without it; for TCP_LISTEN how fast the host reads
 * @param port of the machine, for TCP_LISTEN of the host; 5001 without it
 * @param ipVersion 4 or 6; 4 without it
 * @param window the most bytes of a flow that may be unacknowledged, and the largest window of a host that listens; 4 MiB without it
 * @param writeBytes how much a program writes at a time; 64 KiB without it
 * @param requestBytes length of a request; 1 without it
 * @param responseBytes length of a response; that of a request without it
 * @param transactions requests of each flow
 * @param connections how many are opened in all; as many as streams without it; for TCP_LISTEN how many are taken, 1000 without it
 * @param loss the fraction of packets towards the machine that vanishes
 * @param duplicate the fraction that comes twice
 * @param reorder the fraction that others overtake
 * @param corrupt the fraction of which a bit flips
 * @param delay what every packet takes longer
 * @param jitter the most by which that varies
 * @param seed of bytes and impairments; 1 without it
 * @param tcpPersona whose TCP the remote hosts speak: linux-2.6.12, linux-modern or freebsd; linux-modern without it
 * @param verify SHA256, COMPARE or NONE; SHA256 without it
 */
public record TrafficRequest(
        @NotNull String type,
        @Nullable String nic,
        @Min(1) @Max(10_000) @Nullable Integer streams,
        @Min(0) @Max(1L << 50) @Nullable Long bytes,
        @Nullable VirtualDuration duration,
        @Min(1) @Max(65_507) @Nullable Integer payloadBytes,
        @Min(1) @Max(100_000) @Nullable Integer rateMbps,
        @Min(1) @Max(65_535) @Nullable Integer port,
        @Min(4) @Max(6) @Nullable Integer ipVersion,
        @Min(1) @Max(1 << 30) @Nullable Integer window,
        @Min(1) @Max(1 << 30) @Nullable Integer writeBytes,
        @Min(1) @Max(1 << 20) @Nullable Integer requestBytes,
        @Min(1) @Max(1 << 20) @Nullable Integer responseBytes,
        @Min(1) @Max(1L << 30) @Nullable Long transactions,
        @Min(1) @Max(10_000) @Nullable Integer connections,
        @Nullable Fraction loss,
        @Nullable Fraction duplicate,
        @Nullable Fraction reorder,
        @Nullable Fraction corrupt,
        @Nullable VirtualDuration delay,
        @Nullable VirtualDuration jitter,
        @Nullable Long seed,
        KernelSpec.@Nullable TcpPersona tcpPersona,
        @Nullable String verify) {
    private static final int IP_V4 = 4;
    private static final int IP_V6 = 6;
    private static final int USUAL_PORT = 5001;
    private static final int USUAL_WINDOW = 4 << 20;
    private static final int USUAL_WRITE = 64 << 10;
    private static final int USUAL_PAYLOAD = 1472;
    private static final int USUAL_CONNECTIONS = 1000;
    private static final String LISTEN = "TCP_LISTEN";
    private static final long USUAL_BYTES = 1 << 20;
    private static final long USUAL_TRANSACTIONS = 1000;

    TrafficCommand.Start command() {
        int request = or(requestBytes, 1);
        int flows = or(streams, 1);
        boolean listens = type.equals(LISTEN);
        if (listens) {
            requireForListening();
        }
        int version = or(ipVersion, IP_V4);
        if (version != IP_V4 && version != IP_V6) {
            throw Problems.badValue("ipVersion", "must be 4 or 6");
        }
        return CommandForms.startTraffic(
                nic == null ? "eth0" : nic,
                type,
                flows,
                bytesOfFlow(request),
                duration == null ? Long.MAX_VALUE : duration.picoseconds(),
                or(payloadBytes, USUAL_PAYLOAD),
                or(rateMbps, 0),
                or(port, USUAL_PORT),
                version == IP_V6,
                or(window, USUAL_WINDOW),
                or(writeBytes, or(payloadBytes, USUAL_WRITE)),
                request,
                or(responseBytes, request),
                or(connections, listens ? USUAL_CONNECTIONS : flows),
                Fraction.ppbOf(loss),
                Fraction.ppbOf(duplicate),
                Fraction.ppbOf(reorder),
                Fraction.ppbOf(corrupt),
                delay == null ? 0 : delay.picoseconds(),
                jitter == null ? 0 : jitter.picoseconds(),
                seed == null ? 1 : seed,
                tcpPersona == null ? KernelSpec.TcpPersona.LINUX_MODERN : tcpPersona,
                verify == null ? "SHA256" : verify);
    }

    /** A host that listens decides nothing of what these fields tell. */
    private void requireForListening() {
        requireAbsent("streams", streams);
        requireAbsent("payloadBytes", payloadBytes);
        requireAbsent("requestBytes", requestBytes);
        requireAbsent("responseBytes", responseBytes);
        requireAbsent("transactions", transactions);
    }

    private static void requireAbsent(String field, @Nullable Object value) {
        if (value != null) {
            throw Problems.badValue(field, "has no meaning for " + LISTEN);
        }
    }

    /** Payload of a flow, {@link Long#MAX_VALUE} for no limit. */
    private long bytesOfFlow(int request) {
        if (transactions != null) {
            return transactions * request;
        }
        if (bytes != null) {
            return bytes;
        }
        if (type.equals(LISTEN)) {
            return 0;
        }
        if (duration != null) {
            return Long.MAX_VALUE;
        }
        return type.equals("TCP_REQUEST_RESPONSE") ? USUAL_TRANSACTIONS * request : USUAL_BYTES;
    }

    private static int or(@Nullable Integer given, int usual) {
        return given == null ? usual : given;
    }
}
