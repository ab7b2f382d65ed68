package org.ioatlab.hardware.nic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the port interrupts, to the picosecond. */
class ModerationTest {
    /** Preamble, 60 bytes and frame check sequence at 1000 Mb/s. */
    private static final long ARRIVAL = 576_000;

    private static final long INTERVAL_NS = 125_000;
    private static final long INTERVAL = 125_000_000;

    private final PortWorld world = new PortWorld();

    private void unmaskedAt(long intervalNs) {
        world.write(PortRegister.ITR, (int) intervalNs).plainRing(0, 60).receiver(0);
        world.write(PortRegister.IMS, PortRegister.CAUSE_RXQ0);
    }

    private void sendAt(long... instants) {
        FrameBatch batch = new FrameBatch();
        byte[] frame = PortWorld.frame(PortWorld.OWN, 60);
        for (long instant : instants) {
            batch.add(frame, 0, frame.length, instant);
        }
        world.link.attach(batch);
    }

    private void runUntil(long instant) {
        world.loop.run(instant, Long.MAX_VALUE, false);
    }

    private int acknowledge() {
        return world.read(PortRegister.ICR);
    }

    @Test
    void theFirstInterruptComesWithTheFrame() {
        unmaskedAt(INTERVAL_NS);
        sendAt(0);
        runUntil(INTERVAL);

        assertThat(world.interrupts).containsExactly(ARRIVAL);
        assertThat(acknowledge()).isEqualTo(PortRegister.CAUSE_RXQ0);
    }

    @Test
    void theNextOneWaitsForTheEndOfTheInterval() {
        unmaskedAt(INTERVAL_NS);
        sendAt(0, 10_000_000, 20_000_000);
        runUntil(5_000_000);
        acknowledge();
        runUntil(2 * INTERVAL);

        assertThat(world.interrupts).containsExactly(ARRIVAL, ARRIVAL + INTERVAL);
    }

    @Test
    void afterAQuietIntervalItComesAtOnceAgain() {
        unmaskedAt(INTERVAL_NS);
        sendAt(0, INTERVAL - 1, 3 * INTERVAL);
        runUntil(5_000_000);
        acknowledge();
        runUntil(INTERVAL + ARRIVAL);
        acknowledge();
        runUntil(4 * INTERVAL);

        // The second frame arrives one picosecond before the interval's end.
        assertThat(world.interrupts).containsExactly(ARRIVAL, ARRIVAL + INTERVAL, ARRIVAL + 3 * INTERVAL);
    }

    @Test
    void withoutModerationEveryAcknowledgedFrameInterrupts() {
        unmaskedAt(0);
        for (int i = 0; i < 3; i++) {
            sendAt(i * 1_000_000L);
            runUntil((i + 1) * 1_000_000L - 1);
            acknowledge();
        }

        assertThat(world.interrupts).containsExactly(ARRIVAL, 1_000_000 + ARRIVAL, 2_000_000 + ARRIVAL);
    }

    @Test
    void framesBeforeTheAcknowledgementAddNoInterrupt() {
        unmaskedAt(0);
        sendAt(0, 1_000_000, 2_000_000);
        runUntil(10_000_000);

        assertThat(world.interrupts).containsExactly(ARRIVAL);
    }

    @Test
    void aMaskedCauseWaitsForItsMaskAndTheInterval() {
        unmaskedAt(INTERVAL_NS);
        sendAt(0, 10_000_000);
        runUntil(5_000_000);
        acknowledge();
        world.write(PortRegister.IMC, PortRegister.CAUSE_RXQ0);
        runUntil(3 * INTERVAL);
        assertThat(world.interrupts).hasSize(1);

        world.write(PortRegister.IMS, PortRegister.CAUSE_RXQ0);
        runUntil(4 * INTERVAL);
        assertThat(world.interrupts).containsExactly(ARRIVAL, 3 * INTERVAL);
    }

    @Test
    void masksHideOnlyTheirOwnCauses() {
        unmaskedAt(0);
        world.write(PortRegister.ICS, PortRegister.CAUSE_RXQ0 << 1);
        assertThat(world.interrupts).isEmpty();
        world.write(PortRegister.ICS, PortRegister.CAUSE_RXQ0);
        assertThat(world.interrupts).hasSize(1);
        assertThat(acknowledge()).isEqualTo(3 * PortRegister.CAUSE_RXQ0);
    }

    @Test
    void aShorterIntervalAppliesToTheOneUnderWay() {
        unmaskedAt(INTERVAL_NS);
        sendAt(0, 10_000_000);
        runUntil(5_000_000);
        acknowledge();
        runUntil(20_000_000);
        world.write(PortRegister.ITR, 50_000);
        runUntil(2 * INTERVAL);

        assertThat(world.interrupts).containsExactly(ARRIVAL, ARRIVAL + 50_000_000);
    }

    @Test
    void readingWithoutSideEffectsAcknowledgesNothing() {
        unmaskedAt(0);
        sendAt(0);
        runUntil(1_000_000);

        assertThat(world.port.peek(PortRegister.ICR, 4)).isEqualTo(PortRegister.CAUSE_RXQ0);
        assertThat(world.port.peek(PortRegister.ICR, 4)).isEqualTo(PortRegister.CAUSE_RXQ0);
        assertThat(acknowledge()).isEqualTo(PortRegister.CAUSE_RXQ0);
        assertThat(acknowledge()).isZero();
    }
}
