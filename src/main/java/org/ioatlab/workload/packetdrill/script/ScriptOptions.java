package org.ioatlab.workload.packetdrill.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a script's option lines say, with packetdrill's defaults.
 *
 * @param ipVersion the addresses of sockets and packets
 * @param mss the segment size that the path allows, or 0: as the MTU says
 * @param mtu the path's largest packet in bytes
 * @param toleranceMicros how far a time may be off
 * @param tolerancePermille how far a time may be off, as a part of the time since the event before
 * @param bindPort the machine's port where the script doesn't say
 * @param connectPort the remote host's port where the script doesn't say
 * @param timestampTickMicros how long a tick of the machine's TCP timestamps is; 0: they aren't checked
 * @param timestampEchoScaled whether inbound echoes are given in ticks
 * @param nonFatal what may fail without failing the script: {@code packet}, {@code syscall}
 * @param localIp the machine's address, if the script says one
 * @param remoteIp the remote host's address, if the script says one
 * @param ignored options that mean nothing here, by name
 */
public record ScriptOptions(
        IpVersion ipVersion,
        int mss,
        int mtu,
        long toleranceMicros,
        int tolerancePermille,
        int bindPort,
        int connectPort,
        long timestampTickMicros,
        boolean timestampEchoScaled,
        List<String> nonFatal,
        @Nullable String localIp,
        @Nullable String remoteIp,
        List<String> ignored) {
    /** What a script without options says. */
    public static final ScriptOptions DEFAULT = new ScriptOptions(
            IpVersion.IPV4, 0, 1500, 4000, 125, 8080, 8080, 0, false, List.of(), null, null, List.of());

    /** Which addresses sockets and packets have. */
    public enum IpVersion {
        IPV4,
        IPV6,
        /** Sockets are of IPv6, packets of IPv4. */
        IPV4_MAPPED_IPV6
    }

    public ScriptOptions {
        nonFatal = List.copyOf(nonFatal);
        ignored = List.copyOf(ignored);
    }

    /** Whether packets are of IPv6. */
    public boolean packetsAreIpv6() {
        return ipVersion == IpVersion.IPV6;
    }
}
