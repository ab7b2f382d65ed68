package org.ioatlab.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

class SeededRandomTest {
    @Test
    void givesThePublishedSequenceOfSplitMix64() {
        SeededRandom random = new SeededRandom(1234567);
        assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("6457827717110365317"));
        assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("3203168211198807973"));
        assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
        assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("4593380528125082431"));
        assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("16408922859458223821"));
    }

    @Test
    void agreesWithTheImplementationOfTheJdk() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            SplittableRandom reference = new SplittableRandom(seed);
            for (int i = 0; i < 1000; i++) {
                assertThat(random.nextLong()).isEqualTo(reference.nextLong());
            }
        });
    }

    @Test
    void aNumberBelowABoundTakesTheHighHalfOfTheProduct() {
        SeededRandom random = new SeededRandom(1234567);
        SplittableRandom reference = new SplittableRandom(1234567);
        for (int bound : new int[] {1, 2, 10, 1_000_000, Integer.MAX_VALUE}) {
            for (int i = 0; i < 100; i++) {
                long high = reference.nextLong() >>> 32;
                assertThat(random.nextInt(bound)).isBetween(0, bound - 1).isEqualTo((int) ((high * bound) >> 32));
            }
        }
    }

    @Test
    void everyNumberBelowABoundComesAboutEquallyOften() {
        SeededRandom random = new SeededRandom(1);
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++) {
            counts[random.nextInt(10)]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(9_700, 10_300);
        }
    }

    @Test
    void fillTakesTheBytesOfEachNumberFromTheLowEnd() {
        byte[] bytes = new byte[20];
        new SeededRandom(7).fill(bytes, 3, 11);
        SplittableRandom reference = new SplittableRandom(7);
        long first = reference.nextLong();
        long second = reference.nextLong();
        for (int i = 0; i < 20; i++) {
            long word = i < 11 ? first : second;
            byte expected = i < 3 || i >= 14 ? 0 : (byte) (word >>> (8 * ((i - 3) % 8)));
            assertThat(bytes[i]).isEqualTo(expected);
        }
    }

    @Test
    void partsHaveSequencesOfTheirOwn() {
        long[] firsts = {
            SeededRandom.forPart(1, "nic").nextLong(),
            SeededRandom.forPart(1, "wire").nextLong(),
            SeededRandom.forPart(2, "nic").nextLong(),
            SeededRandom.forPart(1, "cin").nextLong(),
            new SeededRandom(1).nextLong()
        };
        assertThat(Arrays.stream(firsts).distinct().count()).isEqualTo(firsts.length);
        assertThat(SeededRandom.forPart(1, "nic").nextLong()).isEqualTo(firsts[0]);
    }

    @Test
    void theHashFollowsTheState() {
        SeededRandom random = new SeededRandom(1);
        String before = hashOf(random);
        random.nextLong();
        assertThat(hashOf(random)).isNotEqualTo(before);
        assertThat(hashOf(new SeededRandom(1))).isEqualTo(before);
    }

    private static String hashOf(SeededRandom random) {
        StateHash hash = new StateHash();
        random.hashInto(hash);
        return hash.hex();
    }
}
