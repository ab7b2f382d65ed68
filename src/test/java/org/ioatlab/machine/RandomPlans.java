package org.ioatlab.machine;

import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.workload.traffic.Verification;

/** Traffic of all kinds, over good cables and bad ones. */
final class RandomPlans {
    private static final int SMALLEST_IPV6_MTU = 1280;

    private final KernelSpec.TcpPersona[] personas = KernelSpec.TcpPersona.values();
    private final SeededRandom random;
    private final NicSpec nic;

    RandomPlans(SeededRandom random, NicSpec nic) {
        this.random = random;
        this.nic = nic;
    }

    /** Streams of bytes or many connections. */
    TrafficPlan oneWay(int port) {
        TrafficPlan plan = random.nextInt(2) == 0
                ? TrafficPlan.tcpStreams(port, 1 + random.nextInt(20), size(200_000))
                : TrafficPlan.tcpConnections(port, 1 + random.nextInt(8), 1 + random.nextInt(40), size(20_000));
        return vary(plan);
    }

    /** Requests that a server answers with as many bytes. */
    TrafficPlan bothWays(int port) {
        return vary(
                random.nextInt(2) == 0
                        ? TrafficPlan.tcpExchanges(
                                port, 1 + random.nextInt(8), 1 + random.nextInt(30), (int) size(4_000))
                        : TrafficPlan.tcpStreams(port, 1 + random.nextInt(5), size(100_000)));
    }

    TrafficPlan datagrams(int port) {
        return vary(TrafficPlan.datagrams(port, 1 + random.nextInt(3), (int) size(nic.mtu() - 48), size(100_000)));
    }

    private long size(int most) {
        return 1L + random.nextInt(random.nextInt(4) == 0 ? 100 : most);
    }

    private TrafficPlan vary(TrafficPlan plan) {
        plan.nic = "eth" + random.nextInt(nic.ports());
        plan.ipv6 = nic.mtu() >= SMALLEST_IPV6_MTU && random.nextInt(3) == 0;
        plan.window = 2_000L + random.nextInt(random.nextInt(2) == 0 ? 20_000 : 1 << 20);
        plan.writeBytes = 1 + random.nextInt(65_536);
        plan.rateMbps = random.nextInt(4) == 0 ? 1 + random.nextInt(200) : 0;
        plan.seed = random.nextInt(1_000_000);
        plan.verify = random.nextInt(2) == 0 ? Verification.SHA256 : Verification.COMPARE;
        plan.persona = personas[random.nextInt(personas.length)];
        plan.lossPermille = rarely(50);
        plan.reorderPermille = rarely(50);
        plan.duplicatePermille = rarely(30);
        plan.corruptPermille = rarely(20);
        plan.delayPs = random.nextInt(3) == 0 ? random.nextInt(20_000) * Picoseconds.PER_MICROSECOND : 0;
        plan.jitterPs = random.nextInt(4) == 0 ? random.nextInt(500) * Picoseconds.PER_MICROSECOND : 0;
        return plan;
    }

    private int rarely(int most) {
        return random.nextInt(2) == 0 ? random.nextInt(most + 1) : 0;
    }
}
