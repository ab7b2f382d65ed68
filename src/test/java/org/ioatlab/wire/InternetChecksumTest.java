package org.ioatlab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

class InternetChecksumTest {
    @Test
    void sumsTheExampleOfRfc1071() {
        byte[] bytes = HexFormat.of().parseHex("0001f203f4f5f6f7");

        assertThat(InternetChecksum.sum(bytes, 0, 8)).isEqualTo(0xddf2);
        assertThat(InternetChecksum.checksum(bytes, 0, 8)).isEqualTo(0x220d);
    }

    @Test
    void anOddLastByteIsTheHighHalfOfAWord() {
        assertThat(InternetChecksum.sum(new byte[] {0x12}, 0, 1)).isEqualTo(0x1200);
        assertThat(InternetChecksum.sum(new byte[] {0x12, 0x34, 0x56}, 0, 3)).isEqualTo(0x6834);
    }

    @Test
    void agreesWithWordByWordSumsAtEveryOffsetAndLength() {
        byte[] bytes = new byte[200];
        Seeds.forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            random.nextBytes(bytes);
            for (int offset = 0; offset < 17; offset++) {
                for (int length = 0; length < 180; length++) {
                    assertThat(InternetChecksum.sum(bytes, offset, length)).isEqualTo(naive(bytes, offset, length));
                }
            }
        });
    }

    @Test
    void carriesSurviveTheWorstCase() {
        byte[] ones = new byte[65_535];
        Arrays.fill(ones, (byte) 0xff);

        assertThat(InternetChecksum.sum(ones, 0, 65_534)).isEqualTo(0xffff);
        assertThat(InternetChecksum.sum(ones, 1, 65_534)).isEqualTo(0xffff);
        assertThat(InternetChecksum.sum(ones, 0, 65_535)).isEqualTo(0xff00);
    }

    private static int naive(byte[] bytes, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (bytes[offset + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    @Test
    void sumsOfPartsAddUpAlsoAtOddPlaces() {
        Seeds.forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = new byte[301];
            random.nextBytes(bytes);
            int cut = random.nextInt(bytes.length);
            int head = InternetChecksum.sum(bytes, 0, cut);
            int tail = InternetChecksum.sum(bytes, cut, bytes.length - cut);
            int placed = cut % 2 == 0 ? tail : InternetChecksum.swap(tail);

            assertThat(InternetChecksum.add(head, placed)).isEqualTo(InternetChecksum.sum(bytes, 0, bytes.length));
        });
    }

    @Test
    void updatesAChecksumWithoutTheRestOfTheBytes() {
        Seeds.forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = new byte[64];
            random.nextBytes(bytes);
            int before = InternetChecksum.checksum(bytes, 0, 64);
            int oldWord = BigEndian.u16(bytes, 10);
            int oldBits = BigEndian.i32(bytes, 20);
            BigEndian.put16(bytes, 10, random.nextInt());
            BigEndian.put32(bytes, 20, random.nextInt());

            int updated = InternetChecksum.update(before, oldWord, BigEndian.u16(bytes, 10));
            updated = InternetChecksum.update32(updated, oldBits, BigEndian.i32(bytes, 20));
            assertThat(updated).isEqualTo(InternetChecksum.checksum(bytes, 0, 64));
        });
    }

    @Test
    void updatesTheExampleOfRfc1624() {
        assertThat(InternetChecksum.update(0xdd2f, 0x5555, 0x3285)).isEqualTo(0x0000);
    }

    @Test
    void pseudoHeadersFromFramesAndFromAddressesAreTheSame() {
        byte[] v4 = FrameBuilder.rawIp()
                .ipv4("192.0.2.1", "198.51.100.255")
                .tcp(1, 2)
                .build();
        byte[] v6 = FrameBuilder.rawIp()
                .ipv6("2001:db8::ffff:1", "fe80::1")
                .udp(1, 2)
                .build();

        assertThat(InternetChecksum.pseudoHeaderIpv4(v4, 0, 6, 20))
                .isEqualTo(InternetChecksum.pseudoHeader(
                        IpAddress.parse("192.0.2.1"), IpAddress.parse("198.51.100.255"), 6, 20))
                .isEqualTo(naive(HexFormat.of().parseHex("c0000201c63364ff00060014"), 0, 12));
        assertThat(InternetChecksum.pseudoHeaderIpv6(v6, 0, 17, 8))
                .isEqualTo(InternetChecksum.pseudoHeader(
                        IpAddress.parse("2001:db8::ffff:1"), IpAddress.parse("fe80::1"), 17, 8));
    }
}
