package org.ioatlab.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.wire.InternetChecksum;
import org.junit.jupiter.api.Test;

class StreamPatternTest {
    private static final int LONGEST = 3_000;

    @Test
    void theSameSeedGivesTheSameBytesForEver() {
        byte[] bytes = new byte[16];
        new StreamPattern(1).fill(0, bytes, 0, bytes.length);

        assertEquals("0e710379c74799079232abbaa11f21de", HexFormat.of().formatHex(bytes));
    }

    @Test
    void anyPartIsAPartOfTheWhole() {
        Seeds.forEach(seed -> {
            SeededRandom random = new SeededRandom(seed);
            StreamPattern pattern = new StreamPattern(random.nextLong());
            long base = random.nextLong() >>> 2;
            byte[] whole = new byte[LONGEST];
            pattern.fill(base, whole, 0, LONGEST);
            for (int i = 0; i < LONGEST; i++) {
                assertEquals(pattern.byteAt(base + i), whole[i], "byte " + i);
            }
            for (int i = 0; i < 200; i++) {
                int from = random.nextInt(LONGEST);
                int length = random.nextInt(LONGEST - from + 1);
                int at = random.nextInt(9);
                byte[] part = new byte[at + length];

                int sum = pattern.fillAndSum(base + from, part, at, length);

                assertTrue(Arrays.equals(whole, from, from + length, part, at, at + length), from + "+" + length);
                assertEquals(InternetChecksum.sum(part, at, length), sum);
                assertTrue(pattern.matches(base + from, part, at, length));
            }
        });
    }

    @Test
    void oneWrongBitIsSeenWhereverItIs() {
        StreamPattern pattern = new StreamPattern(7);
        byte[] bytes = new byte[100];
        for (int offset = 0; offset < 8; offset++) {
            pattern.fill(offset, bytes, 0, bytes.length);
            for (int bit = 0; bit < 8 * bytes.length; bit++) {
                bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
                assertFalse(pattern.matches(offset, bytes, 0, bytes.length), "bit " + bit);
                bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
            }
        }
    }

    @Test
    void oneWrongByteIsSeenInALongRun() {
        StreamPattern pattern = new StreamPattern(7);
        byte[] bytes = new byte[LONGEST];
        pattern.fill(3, bytes, 0, LONGEST);
        for (int at = 0; at < LONGEST; at++) {
            bytes[at]++;
            assertFalse(pattern.matches(3, bytes, 0, LONGEST), "byte " + at);
            bytes[at]--;
        }
        assertTrue(pattern.matches(3, bytes, 0, LONGEST));
    }

    @Test
    void streamsOfDifferentSeedsDiffer() {
        byte[] bytes = new byte[64];
        new StreamPattern(1).fill(0, bytes, 0, bytes.length);

        assertFalse(new StreamPattern(2).matches(0, bytes, 0, 8));
        assertFalse(new StreamPattern(1).matches(8, bytes, 0, 8));
    }
}
