package org.ioatlab.workload.packetdrill;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.workload.packetdrill.EventResult.Status;
import org.ioatlab.workload.packetdrill.call.CallEffects;
import org.ioatlab.workload.packetdrill.call.CallPlanner;
import org.ioatlab.workload.packetdrill.call.Descriptors;
import org.ioatlab.workload.packetdrill.code.CodeVariables;
import org.ioatlab.workload.packetdrill.packet.Conversations;
import org.ioatlab.workload.packetdrill.packet.Expectation;
import org.ioatlab.workload.packetdrill.packet.SentPacket;
import org.ioatlab.workload.packetdrill.script.Event;
import org.ioatlab.workload.packetdrill.script.Script;
import org.ioatlab.workload.packetdrill.script.ScriptOptions;
import org.jspecify.annotations.Nullable;

/** What the events of one run share. */
final class RunState {
    /** Most packets kept that no event has asked for. */
    private static final int MAX_PACKETS = 100_000;

    final Script script;
    final ScriptHost host;
    final ScriptOptions options;
    final Timing timing;
    final Conversations conversations;
    final Descriptors descriptors = new Descriptors();
    final CallPlanner planner;
    final CallEffects effects;
    final CodeVariables variables = new CodeVariables();
    private final long startNs;
    private final List<SentPacket> packets = new ArrayList<>();
    private final List<@Nullable EventResult> results = new ArrayList<>();
    private boolean failed;
    private boolean writesText;

    RunState(Script script, ScriptHost host, long startNs) {
        this.script = script;
        this.host = host;
        this.startNs = startNs;
        options = script.options();
        timing = new Timing(options);
        boolean ipv6 = options.packetsAreIpv6();
        // Runs on one machine shouldn't meet what is left of each other's connections.
        int firstPort = 32_768 + (int) (startNs / 1_000_000 * 7 % 28_000);
        conversations = new Conversations(host.localAddress(ipv6), host.remoteAddress(ipv6), options, firstPort);
        planner = new CallPlanner(options, descriptors, host.localAddress(ipv6), host.remoteAddress(ipv6));
        effects = new CallEffects(conversations, descriptors);
        for (int i = 0; i < script.events().size(); i++) {
            results.add(null);
        }
    }

    long startNs() {
        return startNs;
    }

    /** Nanoseconds since the script's begin. */
    long nowNs() {
        return host.nowNs() - startNs;
    }

    long sinceStart(long atNs) {
        return atNs - startNs;
    }

    /** Gives an expectation the packets that are for it. */
    void offerPackets(Expectation expectation) {
        for (SentPacket sent = host.takePacket(); sent != null; sent = host.takePacket()) {
            packets.add(sent);
        }
        int index = 0;
        while (index < packets.size() && !expectation.isComplete()) {
            SentPacket sent = packets.get(index);
            if (!expectation.concerns(sent.packet())) {
                index++;
                continue;
            }
            expectation.take(sent);
            if (expectation.isApart()) {
                return;
            }
            packets.remove(index);
        }
        if (packets.size() > MAX_PACKETS) {
            packets.subList(0, packets.size() - MAX_PACKETS).clear();
        }
    }

    void passed(int event, String expected, String actual, long atNs) {
        result(event, Status.PASSED, expected, actual, atNs);
    }

    void skipped(int event, String expected, String why, long atNs) {
        result(event, Status.SKIPPED, expected, why, atNs);
    }

    /**
     * An event hasn't gone as the script says.
     *
     * @param kind what may fail without ending the script, by its name in {@code --non_fatal}
     */
    void failed(int event, String kind, String expected, String actual, long atNs) {
        boolean fatal = !options.nonFatal().contains(kind);
        failed |= fatal;
        result(event, fatal ? Status.FAILED : Status.WARNED, expected, actual, atNs);
    }

    /** A call has written other bytes than zeros. */
    void wroteText() {
        writesText = true;
    }

    boolean writesText() {
        return writesText;
    }

    boolean hasFailed() {
        return failed;
    }

    private void result(int event, Status status, String expected, String actual, long atNs) {
        results.set(event, new EventResult(script.events().get(event).line(), status, expected, actual, atNs));
    }

    ScriptReport report() {
        List<EventResult> all = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            EventResult result = results.get(i);
            Event event = script.events().get(i);
            all.add(
                    result != null
                            ? result
                            : new EventResult(event.line(), Status.SKIPPED, EventText.of(event.action()), "", -1));
        }
        return new ScriptReport(!failed, startNs, all);
    }
}
