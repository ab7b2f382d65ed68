package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.SeededRandom;
import org.junit.jupiter.api.Test;

/** The line from wall to virtual time: exact to the picosecond, for every rate, over 100 days. */
class PacingTest {
    private static final long DAY_NANOS = 86_400_000_000_000L;

    private static Pacing pacing(long rate, long anchorNanos, long anchorPs) {
        return new Pacing(new ClockSetting(ClockState.RUNNING, rate), anchorNanos, anchorPs);
    }

    @Test
    void roundsDownToAPicosecond() {
        Pacing slowest = pacing(ClockSetting.SLOWEST, 100, 5);
        assertThat(slowest.instantAt(100)).isEqualTo(5);
        assertThat(slowest.instantAt(101)).isEqualTo(6);
        Pacing third = pacing(333_333, 0, 0);
        assertThat(third.instantAt(1)).isEqualTo(333);
        assertThat(third.instantAt(1_000)).isEqualTo(333_333);
    }

    @Test
    void endsAtTheHorizon() {
        Pacing fastest = pacing(ClockSetting.FASTEST, 0, 0);
        assertThat(fastest.instantAt(DAY_NANOS / 10 - 1)).isEqualTo(EventLoop.HORIZON_PS - 1_000_000);
        assertThat(fastest.instantAt(DAY_NANOS / 10)).isEqualTo(EventLoop.HORIZON_PS);
        assertThat(fastest.instantAt(Long.MAX_VALUE)).isEqualTo(EventLoop.HORIZON_PS);
        assertThat(fastest.nanosAt(EventLoop.HORIZON_PS)).isEqualTo(DAY_NANOS / 10);
    }

    @Test
    void aClockThatIsReadOutOfTurnDoesNotGoBack() {
        assertThat(pacing(ClockSetting.REAL_TIME, 50, 7).instantAt(49)).isEqualTo(7);
    }

    @Test
    void equalsExactArithmetic() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            for (int i = 0; i < 1_000; i++) {
                long rate = ClockSetting.SLOWEST + random.nextInt((int) (ClockSetting.FASTEST - ClockSetting.SLOWEST));
                long anchorPs = (random.nextLong() >>> 1) % EventLoop.HORIZON_PS;
                long elapsed = (random.nextLong() >>> 1) >>> random.nextInt(60);
                Pacing pacing = pacing(rate, 0, anchorPs);
                assertThat(pacing.instantAt(elapsed)).isEqualTo(exact(rate, anchorPs, elapsed));
            }
        });
    }

    private static long exact(long rate, long anchorPs, long elapsed) {
        return BigInteger.valueOf(elapsed)
                .multiply(BigInteger.valueOf(rate))
                .divide(BigInteger.valueOf(1_000))
                .add(BigInteger.valueOf(anchorPs))
                .min(BigInteger.valueOf(EventLoop.HORIZON_PS))
                .longValueExact();
    }

    @Test
    void namesTheFirstMomentOfEveryInstant() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            for (int i = 0; i < 1_000; i++) {
                long rate = ClockSetting.SLOWEST + random.nextInt((int) (ClockSetting.FASTEST - ClockSetting.SLOWEST));
                long ps = (random.nextLong() >>> 1) % EventLoop.HORIZON_PS;
                Pacing pacing = pacing(rate, 0, 0);
                long moment = pacing.nanosAt(ps);
                assertThat(pacing.instantAt(moment)).isGreaterThanOrEqualTo(ps);
                assertThat(ps == 0 ? -1 : pacing.instantAt(moment - 1)).isLessThan(ps);
            }
        });
    }
}
