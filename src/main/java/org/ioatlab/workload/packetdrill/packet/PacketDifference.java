package org.ioatlab.workload.packetdrill.packet;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.wire.Tcp;
import org.ioatlab.workload.packetdrill.script.IpInfo;
import org.ioatlab.workload.packetdrill.script.PacketSpec;
import org.ioatlab.workload.packetdrill.script.TcpOption;
import org.ioatlab.workload.packetdrill.script.Transport;
import org.ioatlab.workload.packetdrill.script.Transport.SequenceRange;
import org.jspecify.annotations.Nullable;

/** In what a packet differs from the one that was expected, as far as the script says anything about it. */
final class PacketDifference {
    private final Conversation conversation;
    private final long tickMicros;
    private final long toleranceMicros;
    private final List<String> differences = new ArrayList<>();

    /**
     * A comparison.
     *
     * @param tickMicros how long a tick of the machine's timestamps is; 0 to leave them unchecked
     * @param toleranceMicros how far a timestamp may be off
     */
    PacketDifference(Conversation conversation, long tickMicros, long toleranceMicros) {
        this.conversation = conversation;
        this.tickMicros = tickMicros;
        this.toleranceMicros = toleranceMicros;
    }

    /** Names of the fields that differ; empty when the packet is as expected. */
    List<String> between(PacketSpec expected, PacketSpec actual) {
        ip(expected.ip(), actual.ip());
        compareIfPresent("ports", expected.ports(), actual.ports());
        if (expected.transport() instanceof Transport.Tcp wanted && actual.transport() instanceof Transport.Tcp came) {
            segments(wanted, came);
        } else if (expected.transport() instanceof Transport.Icmp wanted
                && actual.transport() instanceof Transport.Icmp came) {
            compare("type", wanted.type(), came.type());
            compare("code", wanted.code(), came.code());
        } else if (!expected.transport().equals(actual.transport())) {
            differences.add(
                    expected.transport().getClass().equals(actual.transport().getClass()) ? "length" : "protocol");
        }
        return differences;
    }

    private void compare(String field, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            differences.add(field);
        }
    }

    private void compareIfPresent(String field, @Nullable Object expected, @Nullable Object actual) {
        if (expected != null && !expected.equals(actual)) {
            differences.add(field);
        }
    }

    private void ip(IpInfo expected, IpInfo actual) {
        boolean ecn = switch (expected.ecn()) {
            case UNCHECKED -> true;
            case ECT0_OR_ECT1 -> actual.trafficClass() == 1 || actual.trafficClass() == 2;
            case CODEPOINT, TOS -> actual.trafficClass() == expected.trafficClass();
        };
        if (!ecn) {
            differences.add(expected.ecn() == IpInfo.Ecn.TOS ? "tos" : "ecn");
        }
        compare("ttl", expected.ttl(), actual.ttl());
        if (expected.flowLabel() > 0 && !conversation.flowLabelFits(expected.flowLabel(), actual.flowLabel())) {
            differences.add("flow label");
        }
    }

    private void segments(Transport.Tcp expected, Transport.Tcp actual) {
        compare("flags", expected.flags(), actual.flags());
        if (expected.sequence().mode() != SequenceRange.Mode.ANY) {
            compare(
                    "sequence number",
                    expected.sequence().start(),
                    actual.sequence().start());
        }
        compare(
                "payload length",
                expected.sequence().length(),
                actual.sequence().length());
        if (expected.has(Tcp.ACK) || expected.acknowledgment() >= 0) {
            compare(
                    "acknowledgment number",
                    Math.max(0, expected.acknowledgment()),
                    Math.max(0, actual.acknowledgment()));
        }
        if (expected.window() >= 0) {
            compare("window", expected.window(), actual.window());
        }
        compare("urgent pointer", expected.urgent(), actual.urgent());
        if (!expected.options().any()
                && !optionsFit(expected.options().list(), actual.options().list())) {
            differences.add("options");
        }
    }

    /** Options come in a fixed order. */
    private boolean optionsFit(List<TcpOption> expected, List<TcpOption> actual) {
        if (expected.size() != actual.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!fits(expected.get(i), actual.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean fits(TcpOption expected, TcpOption actual) {
        if (!(expected instanceof TcpOption.Timestamps wanted) || !(actual instanceof TcpOption.Timestamps came)) {
            return expected.equals(actual);
        }
        boolean echo = !wanted.absoluteEcho() || wanted.echo() == came.echo();
        long ticks = Math.abs((int) (came.value() - wanted.value()));
        return echo && (wanted.anyValue() || ticks * tickMicros <= toleranceMicros);
    }
}
