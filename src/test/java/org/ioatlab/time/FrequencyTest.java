package org.ioatlab.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

class FrequencyTest {
    private static final BigInteger PS_PER_MICROSECOND = BigInteger.valueOf(1_000_000);
    private static final long[] RATES = {1, 2, 3, 7, 999, 1000, 3000, 3400, 99_999, 100_000, 999_999, 1_000_000};

    @Test
    void aCycleAt3400MegahertzIs294Picoseconds() {
        Frequency xeon = new Frequency(3400);
        assertThat(xeon.picoseconds(0)).isZero();
        assertThat(xeon.picoseconds(1)).isEqualTo(294);
        assertThat(xeon.picoseconds(2)).isEqualTo(588);
        assertThat(xeon.picoseconds(17)).isEqualTo(5000);
        assertThat(xeon.picoseconds(3_400_000_000L)).isEqualTo(Picoseconds.PER_SECOND);
    }

    @Test
    void anInstantBelongsToTheFirstCycleThatBeginsAtOrAfterIt() {
        Frequency xeon = new Frequency(3400);
        assertThat(xeon.cyclesAtOrAfter(0)).isZero();
        assertThat(xeon.cyclesAtOrAfter(1)).isEqualTo(1);
        assertThat(xeon.cyclesAtOrAfter(294)).isEqualTo(1);
        assertThat(xeon.cyclesAtOrAfter(295)).isEqualTo(2);
        assertThat(xeon.cyclesAtOrAfter(5000)).isEqualTo(17);
        assertThat(xeon.cyclesAtOrAfter(5001)).isEqualTo(18);
    }

    @Test
    void agreesWithExactArithmeticUpToTheHorizonAtEveryRate() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            for (long rate : RATES) {
                for (int i = 0; i < 200; i++) {
                    check(new Frequency(rate), (random.nextLong() >>> 1) % (EventLoop.HORIZON_PS + 1));
                }
                check(new Frequency(rate), EventLoop.HORIZON_PS);
                check(new Frequency(rate), Long.MAX_VALUE - 1_000_000);
            }
        });
    }

    @Test
    void everyRateIsExactWhereRoundingIsClosest() {
        SeededRandom random = new SeededRandom(1);
        for (long rate = 1; rate <= 1_000_000; rate += 1 + random.nextInt(40)) {
            Frequency frequency = new Frequency(rate);
            long last = BigInteger.valueOf(Long.MAX_VALUE)
                    .multiply(BigInteger.valueOf(rate))
                    .divide(PS_PER_MICROSECOND)
                    .min(BigInteger.valueOf(Long.MAX_VALUE))
                    .longValueExact();
            for (long cycles :
                    new long[] {last, last - last % rate, last - last % rate - 1, last / 3, rate, rate - 1, rate + 1}) {
                assertThat(frequency.picoseconds(cycles))
                        .as("cycle %d at %d MHz", cycles, rate)
                        .isEqualTo(instantOf(cycles, rate));
            }
        }
    }

    private static long instantOf(long cycles, long rate) {
        return BigInteger.valueOf(cycles)
                .multiply(PS_PER_MICROSECOND)
                .divide(BigInteger.valueOf(rate))
                .longValueExact();
    }

    private static void check(Frequency frequency, long ps) {
        BigInteger megahertz = BigInteger.valueOf(frequency.megahertz());
        BigInteger[] exact = BigInteger.valueOf(ps).multiply(megahertz).divideAndRemainder(PS_PER_MICROSECOND);
        long cycles = exact[0].longValueExact() + exact[1].signum();
        assertThat(frequency.cyclesAtOrAfter(ps)).isEqualTo(cycles);
        long start = instantOf(cycles, frequency.megahertz());
        assertThat(frequency.picoseconds(cycles)).isEqualTo(start);
        assertThat(frequency.cyclesAtOrAfter(start))
                .as("cycle %d begins at its own instant", cycles)
                .isEqualTo(cycles);
    }

    @Test
    void ratesOutsideTheirRangeAreRefused() {
        for (long wrong : new long[] {Long.MIN_VALUE, -1, 0, 1_000_001}) {
            assertThatThrownBy(() -> new Frequency(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
